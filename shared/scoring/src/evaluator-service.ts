import type { EventDefinition, PartEvaluated } from '@berkas/contracts';
import { createConsumer, createConsumerService, type ConsumerDeps } from '@berkas/messaging';
import type { Service } from '@berkas/service-kit';
import {
  createPartEvaluation,
  type EvaluatePartDeps,
  type PartDefinition,
} from './evaluate-part.ts';
import { createPartHandler } from './part-handler.ts';

export type EvaluatorDeps = ConsumerDeps &
  EvaluatePartDeps & {
    /** Evaluations under way at once. */
    readonly concurrency: number;
  };

/** The two evaluators are this and what they are told apart by. */
export function createEvaluatorService(
  deps: EvaluatorDeps,
  {
    name,
    output,
    definition,
  }: {
    name: string;
    output: EventDefinition<PartEvaluated>;
    definition: PartDefinition;
  },
): Service {
  const logger = deps.logger.child({ service: name });
  const handler = createPartHandler({
    service: name,
    part: definition.part,
    output,
    evaluate: createPartEvaluation(definition, deps),
    blobs: deps.blobs,
    clock: deps.clock,
    logger,
  });
  return createConsumerService(name, {
    'evaluation-prepared': createConsumer({ ...deps, logger, group: name, handler }),
  });
}
