import {
  createEvent,
  evaluationClosed,
  type EvaluationClosed,
  type EventDefinition,
  type OutgoingEvent,
} from '@berkas/contracts';
import type { EventHandler } from '@berkas/messaging';
import { failureFrom, isFinalModelError } from '@berkas/scoring';
import { isoNow, type Clock } from '@berkas/service-kit';
import type { Collection } from '@berkas/storage';
import { decideNext, join, joinId, type Fact, type Join, type Next } from '../domain/join.ts';
import type { createSynthesis } from '../synthesis.ts';

export type CloseDeps = {
  readonly joins: () => Promise<Collection<Join>>;
  readonly synthesize: ReturnType<typeof createSynthesis>;
  readonly clock: Clock;
};

type About = { readonly evaluationId: string; readonly run: string };

/**
 * Handles one of the three events that are joined: adds its fact, and closes the evaluation if that
 * decides it. The event that completes the join does the work. How it ended is stored before it is
 * said, so that whoever comes second, or again, says the same.
 */
export function createJoinHandler<Data extends About>(
  deps: CloseDeps,
  event: EventDefinition<Data>,
  factOf: (data: Data) => Fact,
): EventHandler<Data> {
  const record = async ({ evaluationId, run }: About, fact: Fact): Promise<Join> =>
    (await deps.joins()).modify(joinId(evaluationId, run), (current) =>
      join(current, { evaluationId, run }, fact),
    );
  /** The end as it is stored: another event may have been first, and with another one. */
  const end = async (
    about: About,
    fact: Extract<Fact, { type: 'failed' | 'completed' }>,
  ): Promise<OutgoingEvent[]> => closing(about, decideNext(await record(about, fact)), deps.clock);

  const fail = (about: About, error: unknown): Promise<OutgoingEvent[]> =>
    end(about, { type: 'failed', failure: failureFrom(error, 'summarizing') });

  const synthesize = async (
    { evaluationId, run }: About,
    prepared: NonNullable<Join['prepared']>,
    signal: AbortSignal,
  ): Promise<OutgoingEvent[]> => {
    try {
      const result = await deps.synthesize({ evaluationId, run, prepared }, signal);
      const totals = { cvMatchRate: result.cv_match_rate, projectScore: result.project_score };
      return await end({ evaluationId, run }, { type: 'completed', totals });
    } catch (error) {
      if (!isFinalModelError(error)) throw error;
      return fail({ evaluationId, run }, error);
    }
  };

  return {
    event,
    handle: async ({ data }, { signal }) => {
      const next = decideNext(await record(data, factOf(data)));
      return next.do === 'synthesize'
        ? synthesize(data, next.prepared, signal)
        : closing(data, next, deps.clock);
    },
    onGiveUp: ({ data }, error) => fail(data, error),
  };
}

/** What says how an evaluation ended; nothing while it has not. */
function closing({ evaluationId, run }: About, next: Next, clock: Clock): OutgoingEvent[] {
  const say = (data: EvaluationClosed): OutgoingEvent[] => [
    createEvent(evaluationClosed, data, { source: 'synthesizer', time: isoNow(clock) }),
  ];
  switch (next.do) {
    case 'fail':
      return say({ evaluationId, run, outcome: 'failed', failure: next.failure });
    case 'complete':
      return say({ evaluationId, run, outcome: 'completed', ...next.totals });
    case 'wait':
    case 'synthesize':
      return [];
  }
}
