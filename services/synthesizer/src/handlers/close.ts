import {
  aboutOf,
  createEvent,
  evaluationClosed,
  type EvaluationClosed,
  type EventDefinition,
  type OutgoingEvent,
} from '@berkas/contracts';
import type { EventHandler } from '@berkas/messaging';
import { failureFrom, isLastWord } from '@berkas/scoring';
import { isoNow, type Clock } from '@berkas/service-kit';
import type { Collection } from '@berkas/storage';
import { decideNext, join, joinId, type Fact, type Join, type Next } from '../domain/join.ts';
import type { createSynthesis } from '../synthesis.ts';

export type CloseDeps = {
  readonly joins: () => Promise<Collection<Join>>;
  readonly synthesize: ReturnType<typeof createSynthesis>;
  readonly clock: Clock;
};

type About = Parameters<typeof aboutOf>[0];

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
  const record = async (about: About, fact: Fact): Promise<Join> =>
    (await deps.joins()).modify(joinId(about.evaluationId, about.run), (current) =>
      join(current, about, fact),
    );
  /** The end as it is stored: another event may have been first, and with another one. */
  const end = async (
    about: About,
    fact: Extract<Fact, { type: 'failed' | 'completed' }>,
  ): Promise<OutgoingEvent[]> => {
    const known = await record(about, fact);
    return closing(known, decideNext(known), deps.clock);
  };

  const fail = (about: About, error: unknown): Promise<OutgoingEvent[]> =>
    end(about, { type: 'failed', failure: failureFrom(error, 'summarizing') });

  const synthesize = async (
    known: Join,
    prepared: NonNullable<Join['prepared']>,
    signal: AbortSignal,
  ): Promise<OutgoingEvent[]> => {
    try {
      const result = await deps.synthesize({ ...aboutOf(known), prepared }, signal);
      const totals = { cvMatchRate: result.cv_match_rate, projectScore: result.project_score };
      return await end(known, { type: 'completed', totals });
    } catch (error) {
      if (!isLastWord(error)) throw error;
      return fail(known, error);
    }
  };

  return {
    event,
    handle: async ({ data }, { signal }) => {
      const known = await record(data, factOf(data));
      const next = decideNext(known);
      return next.do === 'synthesize'
        ? synthesize(known, next.prepared, signal)
        : closing(known, next, deps.clock);
    },
    onGiveUp: ({ data }, error) => fail(data, error),
  };
}

/** What says how an evaluation ended; nothing while it has not. */
function closing(known: Join, next: Next, clock: Clock): OutgoingEvent[] {
  const say = (data: EvaluationClosed): OutgoingEvent[] => [
    createEvent(evaluationClosed, data, { source: 'synthesizer', time: isoNow(clock) }),
  ];
  switch (next.do) {
    case 'fail':
      return say({ ...aboutOf(known), outcome: 'failed', failure: next.failure });
    case 'complete':
      return say({ ...aboutOf(known), outcome: 'completed', ...next.totals });
    case 'wait':
    case 'synthesize':
      return [];
  }
}
