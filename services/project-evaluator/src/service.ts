import { projectEvaluated } from '@berkas/contracts';
import { createConsumer, createConsumerService, type ConsumerDeps } from '@berkas/messaging';
import {
  createPartEvaluation,
  createPartHandler,
  type EvaluatePartDeps,
  type PartDefinition,
} from '@berkas/scoring';
import type { Service } from '@berkas/service-kit';

const NAME = 'project-evaluator';

const definition: PartDefinition = {
  part: 'project',
  prompt: 'project-scoring',
  schemaName: 'project_evaluation',
  contextPart: 'case_study_brief',
  rubric: 'project_rubric',
  context: 'brief',
  document: 'projectReport',
  documentKind: 'project_report',
};

export type Deps = ConsumerDeps & EvaluatePartDeps & { readonly concurrency: number };

/** Scores project reports against the case-study brief and the project rubric. */
export function createService(deps: Deps): Service {
  const logger = deps.logger.child({ service: NAME });
  const handler = createPartHandler({
    service: NAME,
    part: definition.part,
    output: projectEvaluated,
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
