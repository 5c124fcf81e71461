import {
  blobKeys,
  EvaluationResult,
  PartResult,
  type CallReceipt,
  type EvaluationPart,
} from '@berkas/contracts';
import { renderParts, type ChatMessage, type LanguageModel } from '@berkas/llm';
import {
  cvMatchRate,
  loadPrompt,
  projectScore,
  type CallBudgets,
  type KnowledgeReader,
  type Prompt,
} from '@berkas/scoring';
import { SERVICE_VERSION } from '@berkas/service-kit';
import { readJson, type BlobStore } from '@berkas/storage';
import { composeResult } from './domain/compose-result.ts';
import type { Join } from './domain/join.ts';
import { SummaryAnswer, summaryProblems } from './domain/summary.ts';

export type SynthesisDeps = {
  readonly blobs: BlobStore;
  readonly model: LanguageModel;
  readonly knowledge: KnowledgeReader;
  readonly budgets: CallBudgets;
};

type Synthesize = (
  known: Pick<Join, 'evaluationId' | 'run' | 'round'> & { prepared: NonNullable<Join['prepared']> },
  signal: AbortSignal,
) => Promise<EvaluationResult>;

/** Reads both parts, asks for the summary, stores the result. Rejects as the model does. */
export function createSynthesis(deps: SynthesisDeps): Synthesize {
  const prompt = loadPrompt('synthesis');
  return async ({ evaluationId, run, round, prepared }, signal) => {
    const [cv, project, job] = await Promise.all([
      readPart(deps.blobs, evaluationId, run, 'cv'),
      readPart(deps.blobs, evaluationId, run, 'project'),
      deps.knowledge.job(prepared.knowledge.job),
    ]);
    const completion = await deps.model.complete({
      schemaName: 'synthesis',
      schema: SummaryAnswer,
      messages: messagesFor(prompt, job.title, cv, project),
      check: summaryProblems,
      budget: deps.budgets.of({ evaluationId, run, round }),
      signal,
    });
    const call: CallReceipt = {
      stage: 'synthesis',
      model: completion.model,
      endpoint: completion.endpoint,
      prompt_version: prompt.version,
      temperature: completion.temperature,
      seed: completion.seed,
      request_sha256: completion.requestSha256,
      attempts: completion.attempts,
      tokens: completion.tokens,
    };
    const summary = completion.answer.overall_summary;
    const result = composeResult({
      run,
      prepared,
      cv,
      project,
      summary,
      call,
      serviceVersion: SERVICE_VERSION,
    });
    await deps.blobs.put(
      blobKeys.result(evaluationId, run),
      Buffer.from(JSON.stringify(EvaluationResult.parse(result))),
    );
    return result;
  };
}

const readPart = (
  blobs: BlobStore,
  evaluationId: string,
  run: string,
  part: EvaluationPart,
): Promise<PartResult> => readJson(blobs, blobKeys.partResult(evaluationId, run, part), PartResult);

function messagesFor(
  prompt: Prompt,
  jobTitle: string,
  cv: PartResult,
  project: PartResult,
): ChatMessage[] {
  const brief = ({ parameters, feedback }: PartResult) => ({
    parameters: parameters.map(({ id, label, score, reason }) => ({ id, label, score, reason })),
    feedback,
  });
  const evaluations = {
    cv: { match_rate: cvMatchRate(cv.weighted_mean), ...brief(cv) },
    project: { score: projectScore(project.weighted_mean), ...brief(project) },
  };
  return [
    { role: 'system', content: prompt.text },
    {
      role: 'user',
      content: renderParts([
        { name: 'job_title', content: jobTitle },
        { name: 'evaluations', content: JSON.stringify(evaluations) },
      ]),
    },
  ];
}
