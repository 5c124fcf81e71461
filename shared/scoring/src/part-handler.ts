import {
  aboutOf,
  blobKeys,
  createEvent,
  evaluationPrepared,
  type EvaluationPrepared,
  type EventDefinition,
  type OutgoingEvent,
  type PartEvaluated,
  type PartResult,
  type PreparedEvaluation,
  type Stage,
} from '@berkas/contracts';
import type { EventHandler } from '@berkas/messaging';
import { isoNow, type Clock, type Logger } from '@berkas/service-kit';
import type { BlobStore } from '@berkas/storage';
import { failureFrom, isLastWord } from './model-failure.ts';

/**
 * The one thing an evaluator does: takes `evaluation-prepared`, scores its part, says so on its own
 * topic. The result is stored before the event that tells of it, under a key that a redelivery
 * writes again.
 */
export function createPartHandler(options: {
  service: string;
  part: 'cv' | 'project';
  output: EventDefinition<PartEvaluated>;
  evaluate: (evaluation: PreparedEvaluation, signal?: AbortSignal) => Promise<PartResult>;
  blobs: BlobStore;
  clock: Clock;
  logger: Logger;
}): EventHandler<EvaluationPrepared> {
  const stage: Stage = options.part === 'cv' ? 'scoring_cv' : 'scoring_project';

  const say = (data: PartEvaluated): OutgoingEvent[] => [
    createEvent(options.output, data, { source: options.service, time: isoNow(options.clock) }),
  ];
  const fail = (data: EvaluationPrepared, error: unknown): OutgoingEvent[] =>
    say({ ...aboutOf(data), outcome: 'failed', failure: failureFrom(error, stage) });

  return {
    event: evaluationPrepared,
    handle: async ({ data }, { signal }) => {
      if (data.outcome === 'failed') return [];
      try {
        const result = await options.evaluate(data, signal);
        const { evaluationId, run } = data;
        await options.blobs.put(
          blobKeys.partResult(evaluationId, run, options.part),
          Buffer.from(JSON.stringify(result)),
        );
        const scores = Object.fromEntries(result.parameters.map(({ id, score }) => [id, score]));
        return say({
          ...aboutOf(data),
          outcome: 'scored',
          scores,
          weightedMean: result.weighted_mean,
        });
      } catch (error) {
        if (!isLastWord(error)) throw error;
        options.logger.warn(
          { evaluationId: data.evaluationId, code: error.code, stage },
          'a part could not be scored',
        );
        return fail(data, error);
      }
    },
    onGiveUp: ({ data }, error) => (data.outcome === 'failed' ? [] : fail(data, error)),
  };
}
