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
import { decideNext, join, joinId, type Fact, type Join } from '../domain/join.ts';
import type { createSynthesis } from '../synthesis.ts';

export type CloseDeps = {
  readonly joins: () => Promise<Collection<Join>>;
  readonly synthesize: ReturnType<typeof createSynthesis>;
  readonly clock: Clock;
};

type About = { readonly evaluationId: string; readonly run: string };

/**
 * Handles one of the three events that are joined: adds its fact, and closes the evaluation if that
 * decides it. The event that completes the join does the work; a redelivery does it again and comes
 * to the same, since the model's answer is in the ledger.
 */
export function createJoinHandler<Data extends About>(
  deps: CloseDeps,
  event: EventDefinition<Data>,
  factOf: (data: Data) => Fact,
): EventHandler<Data> {
  const close = (data: EvaluationClosed): OutgoingEvent[] => [
    createEvent(evaluationClosed, data, { source: 'synthesizer', time: isoNow(deps.clock) }),
  ];
  const record = async ({ evaluationId, run }: About, fact: Fact): Promise<Join> =>
    (await deps.joins()).modify(joinId(evaluationId, run), (current) =>
      join(current, { evaluationId, run }, fact),
    );
  /** Stored first, so that no later event can complete what was closed as failed. */
  const fail = async (about: About, error: unknown): Promise<OutgoingEvent[]> => {
    const failure = failureFrom(error, 'summarizing');
    const known = await record(about, { type: 'failed', failure });
    const { evaluationId, run } = about;
    return close({ evaluationId, run, outcome: 'failed', failure: known.failure ?? failure });
  };

  return {
    event,
    handle: async ({ data }, { signal }) => {
      const { evaluationId, run } = data;
      const next = decideNext(await record(data, factOf(data)));
      if (next.do === 'wait') return [];
      if (next.do === 'fail') {
        return close({ evaluationId, run, outcome: 'failed', failure: next.failure });
      }
      try {
        const result = await deps.synthesize(
          { evaluationId, run, prepared: next.prepared },
          signal,
        );
        return close({
          evaluationId,
          run,
          outcome: 'completed',
          cvMatchRate: result.cv_match_rate,
          projectScore: result.project_score,
        });
      } catch (error) {
        if (!isFinalModelError(error)) throw error;
        return fail(data, error);
      }
    },
    onGiveUp: ({ data }, error) => fail(data, error),
  };
}
