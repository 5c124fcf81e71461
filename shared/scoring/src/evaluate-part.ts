import {
  blobKeys,
  DocumentText,
  type EvaluationPart,
  type KnowledgeReference,
  type PartResult,
  type PreparedEvaluation,
  type Rubric,
} from '@berkas/contracts';
import { renderParts, type LanguageModel } from '@berkas/llm';
import { unlessAborted } from '@berkas/service-kit';
import { readJson, type BlobStore, type SearchHit, type SearchIndex } from '@berkas/storage';
import type { CallBudgets } from './call-budget.ts';
import { createQuoteFinder } from './evidence.ts';
import type { KnowledgeReader } from './knowledge-reader.ts';
import { createMemory } from './memory.ts';
import { evidenceProblems, partAnswerSchema } from './part-answer.ts';
import { loadPrompt, type Prompt, type PromptName } from './prompts.ts';
import {
  knowledgeSource,
  retrievePassages,
  rubricQueries,
  type RetrievalSource,
} from './retrieval.ts';
import { scorePart } from './score-part.ts';

/** What sets the two evaluators apart; everything else they share. */
export type PartDefinition = {
  readonly part: EvaluationPart;
  readonly prompt: PromptName;
  readonly schemaName: string;
  /** Name of the prompt part that holds the passages it is judged against. */
  readonly contextPart: 'job_description' | 'case_study_brief';
  readonly rubric: 'cv_rubric' | 'project_rubric';
  readonly context: 'job' | 'brief';
  readonly document: 'cv' | 'projectReport';
  readonly documentKind: 'cv' | 'project_report';
};

export type EvaluatePartDeps = {
  readonly blobs: BlobStore;
  readonly search: SearchIndex;
  readonly model: LanguageModel;
  readonly knowledge: KnowledgeReader;
  readonly budgets: CallBudgets;
};

/** Passages of the job or brief that each parameter may bring in. */
const CONTEXT_PASSAGES_PER_PARAMETER = 3;
/** A longer document goes in as its best passages instead: about 12,000 tokens. */
const MAX_DOCUMENT_CHARACTERS = 48_000;
const DOCUMENT_PASSAGES_PER_PARAMETER = 14;

/** Scores one part of one evaluation: retrieve, ask, check, compute. Rejects as the model does. */
export function createPartEvaluation(
  definition: PartDefinition,
  deps: EvaluatePartDeps,
): (evaluation: PreparedEvaluation, signal?: AbortSignal) => Promise<PartResult> {
  const prompt = loadPrompt(definition.prompt);
  // The same questions to the same passages have the same answer.
  const remembered = createMemory<SearchHit[]>();
  return async (evaluation, signal) => {
    const rubricReference = evaluation.knowledge[definition.rubric];
    const [rubric, text] = await Promise.all([
      deps.knowledge.rubric(rubricReference),
      readJson(deps.blobs, blobKeys.documentText(evaluation[definition.document].id), DocumentText),
    ]);
    const queries = rubricQueries(rubric);
    const retrieve = (filter: RetrievalSource, perQuery: number): Promise<SearchHit[]> =>
      retrievePassages(deps, {
        queries,
        filter,
        perQuery,
        ...(signal === undefined ? {} : { signal }),
      });

    const contextReference = evaluation.knowledge[definition.context];
    // Shared by all under way: none may be cut because the one that began it is withdrawn.
    const context = await unlessAborted(
      remembered(`${versionOf(rubricReference)} ${versionOf(contextReference)}`, () =>
        retrievePassages(deps, {
          queries,
          filter: knowledgeSource(definition.context, contextReference),
          perQuery: CONTEXT_PASSAGES_PER_PARAMETER,
        }),
      ),
      signal,
    );
    const document = await documentForPrompt(definition, evaluation, text, retrieve);
    const find = createQuoteFinder(text.pages);
    const completion = await deps.model.complete({
      schemaName: definition.schemaName,
      schema: partAnswerSchema(rubric),
      messages: messagesFor(definition, { prompt, rubric, context, document }),
      check: (answer) => evidenceProblems(answer, find),
      budget: deps.budgets.of(evaluation),
      ...(signal === undefined ? {} : { signal }),
    });
    return scorePart({
      rubric,
      answer: completion.answer,
      find,
      context: context.map(({ source, version, id }) => ({ source, version, passage: id })),
      embeddingModel: deps.model.embeddingModel,
      call: {
        stage: definition.part,
        model: completion.model,
        endpoint: completion.endpoint,
        prompt_version: prompt.version,
        rubric_version: versionOf(rubricReference),
        temperature: completion.temperature,
        seed: completion.seed,
        request_sha256: completion.requestSha256,
        attempts: completion.attempts,
        tokens: completion.tokens,
      },
    });
  };
}

const versionOf = ({ id, version }: KnowledgeReference): string => `${id}@${version}`;

/** The whole document if it fits, else the passages that its rubric's parameters call for. */
async function documentForPrompt(
  definition: PartDefinition,
  evaluation: PreparedEvaluation,
  text: DocumentText,
  retrieve: (filter: RetrievalSource, perQuery: number) => Promise<SearchHit[]>,
): Promise<string> {
  const characters = text.pages.reduce((sum, page) => sum + page.text.length, 0);
  if (characters <= MAX_DOCUMENT_CHARACTERS) {
    return text.pages.map((page) => `[page ${page.number}]\n${page.text}`).join('\n\n');
  }
  const { id, sha256 } = evaluation[definition.document];
  const passages = await retrieve(
    { kind: definition.documentKind, source: id, version: sha256 },
    DOCUMENT_PASSAGES_PER_PARAMETER,
  );
  return passages.map((passage) => `[page ${passage.page}]\n${passage.text}`).join('\n\n');
}

function messagesFor(
  definition: PartDefinition,
  given: { prompt: Prompt; rubric: Rubric; context: readonly SearchHit[]; document: string },
) {
  const { id, scores, parameters } = given.rubric;
  const content = renderParts([
    // Weights stay here: a model that knows them is tempted to aim for a total.
    {
      name: 'rubric',
      content: JSON.stringify({
        id,
        scores,
        parameters: parameters.map(({ weight: _, ...parameter }) => parameter),
      }),
    },
    { name: definition.contextPart, content: given.context.map(({ text }) => text).join('\n\n') },
    { name: 'document', content: given.document },
  ]);
  return [
    { role: 'system', content: given.prompt.text },
    { role: 'user', content },
  ] as const;
}
