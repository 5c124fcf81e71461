import { projectEvaluated } from '@berkas/contracts';
import { createEvaluatorService, type EvaluatorDeps, type PartDefinition } from '@berkas/scoring';
import type { Service } from '@berkas/service-kit';

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

/** Scores project reports against the case-study brief and the project rubric. */
export const createService = (deps: EvaluatorDeps): Service =>
  createEvaluatorService(deps, { name: 'project-evaluator', output: projectEvaluated, definition });
