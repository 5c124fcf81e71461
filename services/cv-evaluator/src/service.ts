import { cvEvaluated } from '@berkas/contracts';
import { createConsumer, createConsumerService, type ConsumerDeps } from '@berkas/messaging';
import {
  createPartEvaluation,
  createPartHandler,
  type EvaluatePartDeps,
  type PartDefinition,
} from '@berkas/scoring';
import type { Service } from '@berkas/service-kit';

const NAME = 'cv-evaluator';

const definition: PartDefinition = {
  part: 'cv',
  prompt: 'cv-scoring',
  schemaName: 'cv_evaluation',
  contextPart: 'job_description',
  rubric: 'cv_rubric',
  context: 'job',
  document: 'cv',
  documentKind: 'cv',
};

export type Deps = ConsumerDeps & EvaluatePartDeps & { readonly concurrency: number };

/** Scores CVs against the job and the CV rubric. */
export function createService(deps: Deps): Service {
  const logger = deps.logger.child({ service: NAME });
  const handler = createPartHandler({
    service: NAME,
    part: definition.part,
    output: cvEvaluated,
    evaluate: createPartEvaluation(definition, deps),
    blobs: deps.blobs,
    clock: deps.clock,
    logger,
  });
  const { concurrency } = deps;
  return createConsumerService(NAME, {
    'evaluation-prepared': createConsumer({ ...deps, logger, group: NAME, concurrency, handler }),
  });
}
