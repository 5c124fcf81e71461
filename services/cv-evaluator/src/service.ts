import { cvEvaluated } from '@berkas/contracts';
import { createEvaluatorService, type EvaluatorDeps, type PartDefinition } from '@berkas/scoring';
import type { Service } from '@berkas/service-kit';

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

/** Scores CVs against the job and the CV rubric. */
export const createService = (deps: EvaluatorDeps): Service =>
  createEvaluatorService(deps, { name: 'cv-evaluator', output: cvEvaluated, definition });
