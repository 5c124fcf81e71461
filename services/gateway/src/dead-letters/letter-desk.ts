import {
  LIVE_RUN,
  viewId,
  type DeadLetter,
  type DeadLetterState,
  type EvaluationView,
} from '@berkas/contracts';
import { assertPublishable, BusError, type OutgoingMessage } from '@berkas/messaging';
import { isoNow, type Clock, type Logger } from '@berkas/service-kit';
import { findAll, type Collection } from '@berkas/storage';
import {
  decideRedrive,
  isMadeUpBy,
  reopened,
  type KeptMessage,
  type LetterAction,
  type LetterDecision,
} from '../domain/decide-letter.ts';
import type { EvaluationRecord } from '../domain/records.ts';
import { createOutbox, type Outbox } from '../outbox.ts';

export type LetterDeskDeps = {
  /** Made by the status service; decided on here. */
  readonly letters: Collection<DeadLetter>;
  readonly decisions: Collection<LetterDecision>;
  readonly evaluations: Collection<EvaluationRecord>;
  readonly evaluationViews: Collection<EvaluationView>;
  readonly evaluationOutbox: Outbox<EvaluationRecord>;
  readonly publish: (messages: readonly OutgoingMessage[]) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long an answer waits for what was decided to be carried out. */
  readonly patienceMs?: number;
};

export type Decided =
  | { readonly outcome: 'decided'; readonly decision: LetterDecision }
  | { readonly outcome: 'settled'; readonly state: DeadLetterState }
  | { readonly outcome: 'unknown' | 'not_redrivable' };

/** Where operators decide what becomes of the events that a group gave up. */
export interface LetterDesk {
  /** Its work goes again: with its whole evaluation, or the event alone. */
  redrive(id: string): Promise<Decided>;
  /** Nothing more is done with it. */
  drop(id: string): Promise<Decided>;
  readonly outbox: Pick<Outbox<LetterDecision>, 'deliverPending' | 'settled'>;
}

/**
 * A decision is stored first, by an insert of which one of several at once succeeds; then the letters
 * are marked, and what was decided is carried out. Whatever dies in between, the decision is found
 * as `accepted` and carried out again, which does nothing twice but publish the same events.
 */
export function createLetterDesk(deps: LetterDeskDeps): LetterDesk {
  const { letters, decisions, evaluations, evaluationViews } = deps;
  const outbox = createOutbox<LetterDecision, LetterDecision>({
    ...deps,
    collection: decisions,
    eventsOf: (decision) => decision,
    publish: (decision) => carryOut(deps, decision),
  });

  const redriveAction = async (letter: DeadLetter): Promise<LetterAction | undefined> => {
    const [record, view] =
      letter.evaluationId === ''
        ? []
        : await Promise.all([
            evaluations.get(letter.evaluationId),
            evaluationViews.get(viewId(letter.evaluationId, LIVE_RUN)),
          ]);
    const action = decideRedrive(letter, { record, view });
    const isPossible = action?.action !== 'event_published_again' || isPublishable(action.message);
    return isPossible ? action : undefined;
  };

  const decide = async (
    id: string,
    asked: LetterDecision['asked'],
    actionFor: (letter: DeadLetter) => Promise<LetterAction | undefined>,
  ): Promise<Decided> => {
    const letter = await letters.get(id);
    if (letter === undefined) return { outcome: 'unknown' };
    const earlier = await decisions.get(id);
    if (earlier?.state === 'published' || (earlier === undefined && letter.state !== 'open')) {
      return { outcome: 'settled', state: await stateOf(deps, letter, earlier) };
    }
    const action = earlier ?? (await actionFor(letter));
    if (action === undefined) return { outcome: 'not_redrivable' };
    const decidedAt = isoNow(deps.clock);
    const decision = await outbox.accept({ id, state: 'accepted', asked, decidedAt, ...action });
    return decision.asked === asked
      ? { outcome: 'decided', decision }
      : { outcome: 'settled', state: await stateOf(deps, letter, decision) };
  };

  return {
    redrive: (id) => decide(id, 'redrive', redriveAction),
    drop: (id) => decide(id, 'drop', () => Promise.resolve({ action: 'dropped' })),
    outbox,
  };
}

/** The letter's, or as it was decided on before: one that is projected anew is open again. */
async function stateOf(
  { letters }: LetterDeskDeps,
  letter: DeadLetter,
  decision: LetterDecision | undefined,
): Promise<DeadLetterState> {
  if (decision === undefined) return letter.state;
  const state = stateAfter(decision);
  await settle(letters, letter, state, decision.decidedAt);
  return state;
}

const stateAfter = ({ action }: LetterDecision): DeadLetterState =>
  action === 'dropped' ? 'dropped' : 'redriven';

/** Repeating it changes nothing, but publishes the same events again. */
async function carryOut(deps: LetterDeskDeps, decision: LetterDecision): Promise<void> {
  const { letters, evaluations, evaluationOutbox, publish } = deps;
  const { decidedAt } = decision;
  const letter = await letters.get(decision.id);
  if (letter !== undefined) await settle(letters, letter, stateAfter(decision), decidedAt);
  if (decision.action === 'event_published_again') await publish([outgoing(decision.message)]);
  if (decision.action !== 'evaluation_reopened') return;
  const { evaluationId, round } = decision;
  const record = await evaluations.get(evaluationId);
  if (record === undefined) return;
  await evaluationOutbox.renew(record, (current) => reopened(current, { round, at: decidedAt }));
  for await (const other of findAll(letters, { evaluationId, state: 'open' })) {
    if (isMadeUpBy(other, round)) await settle(letters, other, 'redriven', decidedAt);
  }
}

async function settle(
  letters: Collection<DeadLetter>,
  letter: DeadLetter,
  state: DeadLetterState,
  decidedAt: string,
): Promise<void> {
  await letters.modify(letter.id, (current = letter) =>
    current.state === 'open' ? { ...current, state, decidedAt } : current,
  );
}

const outgoing = ({ value, ...message }: KeptMessage): OutgoingMessage => ({
  ...message,
  value: Buffer.from(value, 'base64'),
});

/** One that no bus takes would be tried for ever. */
function isPublishable(message: KeptMessage): boolean {
  try {
    assertPublishable([outgoing(message)]);
    return true;
  } catch (error) {
    if (error instanceof BusError) return false;
    throw error;
  }
}
