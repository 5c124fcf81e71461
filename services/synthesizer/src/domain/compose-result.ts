import type { CallReceipt, EvaluationResult, PartResult, Tokens } from '@berkas/contracts';
import { cvMatchRate, projectScore } from '@berkas/scoring';
import type { Join } from './join.ts';

/** The whole result from its parts. The two totals are computed here and nowhere else. */
export function composeResult(options: {
  run: string;
  prepared: NonNullable<Join['prepared']>;
  cv: PartResult;
  project: PartResult;
  summary: string;
  call: CallReceipt;
  serviceVersion: string;
}): EvaluationResult {
  const { cv, project, call, prepared } = options;
  const calls = [cv.call, project.call, call];
  const flags = [...cv.flags, ...project.flags];
  return {
    cv_match_rate: cvMatchRate(cv.weighted_mean),
    cv_feedback: cv.feedback,
    project_score: projectScore(project.weighted_mean),
    project_feedback: project.feedback,
    overall_summary: options.summary,
    cv: { parameters: cv.parameters },
    project: { parameters: project.parameters },
    flags,
    needs_review: flags.length > 0,
    receipt: {
      run: options.run,
      model: distinct(calls.map(({ model }) => model)),
      embedding_model: distinct([cv.embedding_model, project.embedding_model]),
      prompt_version: distinct(calls.map(({ prompt_version }) => prompt_version)),
      rubric_version: distinct(calls.flatMap(({ rubric_version }) => rubric_version ?? [])),
      temperature: call.temperature,
      seed: call.seed,
      documents: [prepared.cv, prepared.projectReport],
      context: [...cv.context, ...project.context],
      attempts: calls.reduce((sum, { attempts }) => sum + attempts, 0),
      tokens: calls.reduce<Tokens>(
        (sum, { tokens }) => ({
          prompt: sum.prompt + tokens.prompt,
          completion: sum.completion + tokens.completion,
        }),
        { prompt: 0, completion: 0 },
      ),
      service_version: options.serviceVersion,
      calls,
    },
  };
}

const distinct = (names: readonly string[]): string => [...new Set(names)].join(', ');
