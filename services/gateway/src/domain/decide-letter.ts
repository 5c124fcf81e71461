import {
  LIVE_RUN,
  REDRIVE_HEADERS,
  roundOf,
  type DeadLetter,
  type EvaluationView,
  type RedriveResponse,
} from '@berkas/contracts';
import type { EvaluationRecord, OutboxState } from './records.ts';

/** A message as it is published again: the value in base64. */
export type KeptMessage = Pick<DeadLetter, 'topic' | 'key' | 'headers' | 'value'>;

export type LetterAction =
  | {
      readonly action: 'evaluation_reopened';
      readonly evaluationId: string;
      /** The one that it is reopened for. */
      readonly round: number;
    }
  | { readonly action: 'event_published_again'; readonly message: KeptMessage }
  | { readonly action: 'dropped' };

/** What an operator decided on a dead letter: `accepted` until it is carried out, then `published`. */
export type LetterDecision = LetterAction & {
  /** Of the letter. */
  readonly id: string;
  readonly state: OutboxState;
  readonly asked: 'redrive' | 'drop';
  /** ISO 8601, UTC. */
  readonly decidedAt: string;
};

/** The stages of an evaluation: what one of them gave up goes again from its start. */
const STAGES: readonly string[] = ['ingest', 'cv-evaluator', 'project-evaluator', 'synthesizer'];

/** Where events are published; a letter from elsewhere is none that a group could read again. */
const EVENT_TOPIC = /^berkas\.[a-z0-9-]+\.v\d+$/;

/** What has to be known of the letter's evaluation. */
export type KnownEvaluation = {
  readonly record: EvaluationRecord | undefined;
  readonly view: EvaluationView | undefined;
};

/**
 * What redriving does. A stage that gave up has ended its evaluation, so that the event alone would
 * find a closed one: the whole evaluation is reopened, and what was paid for is in the ledger.
 * Anything else is published again for the group that gave it up. Of an evaluation that completed
 * all the same nothing is left to do. Nothing can be done where the event does not say where it came
 * from.
 */
export function decideRedrive(
  letter: DeadLetter,
  { record, view }: KnownEvaluation,
): LetterAction | undefined {
  if (isOfStage(letter) && record !== undefined) {
    if (view?.closed?.outcome === 'completed') return { action: 'dropped' };
    const latest = Math.max(roundOf(record), roundOf(view ?? {}), roundOf(letter));
    return { action: 'evaluation_reopened', evaluationId: record.id, round: latest + 1 };
  }
  const message = messageOf(letter);
  return EVENT_TOPIC.test(message.topic) ? { action: 'event_published_again', message } : undefined;
}

/** The event as it came, for the group that gave it up alone. */
const messageOf = ({ id, group, topic, key, headers, value }: DeadLetter): KeptMessage => ({
  topic,
  key,
  headers: { ...headers, [REDRIVE_HEADERS.group]: group, [REDRIVE_HEADERS.letter]: id },
  value,
});

/** Whether reopening the evaluation for a round makes up for the letter too. */
export const isMadeUpBy = (letter: DeadLetter, round: number): boolean =>
  isOfStage(letter) && roundOf(letter) < round;

/** Only the live run is asked for at the gateway, and can be again. */
const isOfStage = ({ evaluationId, group, run = LIVE_RUN }: DeadLetter): boolean =>
  evaluationId !== '' && STAGES.includes(group) && run === LIVE_RUN;

/** The request of an evaluation for this round, unless it is there already. */
export const reopened = (
  record: EvaluationRecord,
  { round, at }: { round: number; at: string },
): EvaluationRecord =>
  roundOf(record) >= round ? record : { ...record, state: 'accepted', round, reopenedAt: at };

/** What people are told that was done. */
export const describeDecision = (decision: LetterDecision): RedriveResponse => ({
  id: decision.id,
  state: decision.action === 'dropped' ? 'dropped' : 'redriven',
  action: decision.action,
  ...(decision.action === 'evaluation_reopened'
    ? { evaluation_id: decision.evaluationId, round: decision.round }
    : {}),
});
