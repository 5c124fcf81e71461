import { afterEach, beforeEach } from '@jest/globals';
import {
  blobKeys,
  createEvent,
  cvEvaluated,
  evaluationPrepared,
  type EvaluationPrepared,
  type PreparedEvaluation,
  type Rubric,
} from '@berkas/contracts';
import { createFakeLanguageModel, type FakeLanguageModel } from '@berkas/llm/testing';
import { createLogger, systemClock } from '@berkas/service-kit';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import { createCallBudgets } from '../call-budget.ts';
import { createPartEvaluation, type PartDefinition } from '../evaluate-part.ts';
import { createKnowledgeReader } from '../knowledge-reader.ts';
import { createPartHandler } from '../part-handler.ts';

const guide = { '1': 'none', '2': 'little', '3': 'some', '4': 'much', '5': 'all' };
export const rubric: Rubric = {
  kind: 'rubric',
  id: 'own-rubric',
  title: 'Own',
  scores: 'cv',
  parameters: [
    { id: 'skills', label: 'Skills', weight: 0.75, looks_at: 'what is known', guide },
    { id: 'teamwork', label: 'Teamwork', weight: 0.25, looks_at: 'work with others', guide },
  ],
};
const reference = (id: string) => ({ id, version: 'v1' });
export const evaluation: PreparedEvaluation = {
  evaluationId: 'eval_0123456789abcdef01234567',
  run: 'live',
  outcome: 'prepared',
  cv: { id: 'doc_000000000000000000000001', sha256: 'a'.repeat(64) },
  projectReport: { id: 'doc_000000000000000000000002', sha256: 'b'.repeat(64) },
  knowledge: {
    job: reference('job'),
    brief: reference('brief'),
    cv_rubric: reference('own-rubric'),
    project_rubric: reference('project'),
  },
};
export const definition: PartDefinition = {
  part: 'cv',
  prompt: 'cv-scoring',
  schemaName: 'cv_evaluation',
  contextPart: 'job_description',
  rubric: 'cv_rubric',
  context: 'job',
  document: 'cv',
  documentKind: 'cv',
};

export const MAXIMUM_CALLS = 2;

export const good = {
  parameters: {
    skills: {
      reason: 'Used in work.',
      evidence: [{ quote: 'ran the node.js platform', page: 9 }],
      score: 4,
    },
    teamwork: { reason: 'Shown once.', evidence: [{ quote: 'Led the world', page: 1 }], score: 2 },
  },
  feedback: 'Good skills.',
};

export const event = (data: EvaluationPrepared) =>
  createEvent(evaluationPrepared, data, { source: 'test', time: '2026-01-01T00:00:00Z' }).event;

/** The handler of a part, on storage of its own for each test. */
export function partUnderTest() {
  const under = {} as { storage: TemporaryStorage };

  beforeEach(async () => {
    under.storage = await createTemporaryStorage({ embeddingModel: 'fake-embedding' });
    const put = (key: string, value: unknown) =>
      under.storage.blobs.put(key, Buffer.from(JSON.stringify(value)));
    await put(blobKeys.knowledge('rubric', 'own-rubric', 'v1'), rubric);
    await put(blobKeys.documentText(evaluation.cv.id), {
      pages: [
        { number: 1, text: 'Ran the Node.js platform.' },
        { number: 2, text: 'Mentored four engineers.' },
      ],
    });
    const source = { kind: 'job', source: 'job', version: 'v1' } as const;
    const passage = { ...source, id: 'job@v1#0', ordinal: 0, page: 1, text: 'We use Node.js.' };
    const model = createFakeLanguageModel();
    const { vectors } = await model.embed([passage.text]);
    await under.storage.search.replaceSource(source, [{ ...passage, vector: vectors[0] ?? [] }]);
  });
  afterEach(() => under.storage.dispose());

  function handlerWith(model: FakeLanguageModel) {
    const { blobs, search } = under.storage;
    return createPartHandler({
      service: 'cv-evaluator',
      part: 'cv',
      output: cvEvaluated,
      evaluate: createPartEvaluation(definition, {
        blobs,
        search,
        model,
        knowledge: createKnowledgeReader(blobs),
        budgets: createCallBudgets({
          documents: under.storage.documents,
          limits: { calls: MAXIMUM_CALLS, timeMs: 1_800_000 },
          callTimeoutMs: 60_000,
          caller: 'test',
          clock: systemClock,
        }),
      }),
      blobs,
      clock: systemClock,
      logger: createLogger({ level: 'silent' }),
    });
  }

  const handle = (model: FakeLanguageModel, data: EvaluationPrepared = evaluation) =>
    handlerWith(model).handle(event(data), { signal: new AbortController().signal, attempt: 1 });

  return Object.assign(under, { handlerWith, handle });
}
