import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  blobKeys,
  createEvent,
  cvEvaluated,
  evaluationPrepared,
  PartResult,
  type EvaluationPrepared,
  type PreparedEvaluation,
  type Rubric,
} from '@berkas/contracts';
import { parseParts } from '@berkas/llm';
import { createFakeLanguageModel, type FakeLanguageModel } from '@berkas/llm/testing';
import { BerkasError, createLogger, systemClock } from '@berkas/service-kit';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import { createCallBudgets } from './call-budget.ts';
import { createPartEvaluation, type PartDefinition } from './evaluate-part.ts';
import { createKnowledgeReader } from './knowledge-reader.ts';
import { createPartHandler } from './part-handler.ts';

const guide = { '1': 'none', '2': 'little', '3': 'some', '4': 'much', '5': 'all' };
const rubric: Rubric = {
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
const evaluation: PreparedEvaluation = {
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

const MAXIMUM_CALLS = 2;

let storage: TemporaryStorage;
beforeEach(async () => {
  storage = await createTemporaryStorage({ embeddingModel: 'fake-embedding' });
  const put = (key: string, value: unknown) =>
    storage.blobs.put(key, Buffer.from(JSON.stringify(value)));
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
  await storage.search.replaceSource(source, [{ ...passage, vector: vectors[0] ?? [] }]);
});
afterEach(() => storage.dispose());

const good = {
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

function handlerWith(model: FakeLanguageModel) {
  const { blobs, search } = storage;
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
        documents: storage.documents,
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

const event = (data: EvaluationPrepared) =>
  createEvent(evaluationPrepared, data, { source: 'test', time: '2026-01-01T00:00:00Z' }).event;
const handle = (model: FakeLanguageModel, data: EvaluationPrepared = evaluation) =>
  handlerWith(model).handle(event(data), { signal: new AbortController().signal, attempt: 1 });

describe('scoring a part', () => {
  it('publishes numbers alone and keeps the words in the blob store', async () => {
    const events = await handle(createFakeLanguageModel(() => good));
    expect(events.map(({ event: { data } }) => data)).toEqual([
      {
        evaluationId: evaluation.evaluationId,
        run: 'live',
        outcome: 'scored',
        scores: { skills: 4, teamwork: 2 },
        weightedMean: 3.5,
      },
    ]);
    const key = blobKeys.partResult(evaluation.evaluationId, 'live', 'cv');
    const kept = PartResult.parse(
      JSON.parse(Buffer.from(await storage.blobs.get(key)).toString('utf8')),
    );
    expect(kept.weighted_mean).toBe(3.5);
    expect(kept.parameters[0]?.evidence).toEqual([{ quote: 'Ran the Node.js platform', page: 1 }]);
  });

  it('drops and flags a quote that does not stand in the document', async () => {
    await handle(createFakeLanguageModel(() => good));
    const key = blobKeys.partResult(evaluation.evaluationId, 'live', 'cv');
    const kept = PartResult.parse(
      JSON.parse(Buffer.from(await storage.blobs.get(key)).toString('utf8')),
    );
    expect(kept.parameters[1]?.evidence).toEqual([]);
    expect(kept.flags.map(({ code }) => code)).toEqual(['quote_not_found']);
  });

  it('sends rubric, retrieved passages and the whole document, each delimited, and no weights', async () => {
    const model = createFakeLanguageModel(() => good);
    await handle(model);
    const user = model.requests[0]?.messages.find(({ role }) => role === 'user');
    const parts = Object.fromEntries(
      parseParts(user?.content ?? '').map(({ name, content }) => [name, content]),
    );
    expect(Object.keys(parts)).toEqual(['rubric', 'job_description', 'document']);
    expect(parts['job_description']).toBe('We use Node.js.');
    expect(parts['document']).toBe(
      '[page 1]\nRan the Node.js platform.\n\n[page 2]\nMentored four engineers.',
    );
    expect(parts['rubric']).not.toContain('weight');
    expect(model.embedded).toEqual([['Skills. what is known', 'Teamwork. work with others']]);
  });

  it.each([
    ['a parameter is missing', { ...good, parameters: { skills: good.parameters.skills } }],
    [
      'there is one too many',
      { ...good, parameters: { ...good.parameters, luck: good.parameters.skills } },
    ],
    [
      'a score is out of range',
      {
        ...good,
        parameters: { ...good.parameters, teamwork: { ...good.parameters.teamwork, score: 6 } },
      },
    ],
    [
      'a score above 2 has no quote that is found',
      {
        ...good,
        parameters: { ...good.parameters, teamwork: { ...good.parameters.teamwork, score: 3 } },
      },
    ],
  ])('does not take an answer in which %s', async (_case, answer) => {
    await expect(handle(createFakeLanguageModel(() => answer))).rejects.toThrow();
  });

  it('says failed, with the reason, when the model has said its last word', async () => {
    const model = createFakeLanguageModel(() => {
      throw new BerkasError('No.', { code: 'model_refused', retryable: false });
    });
    const [outgoing] = await handle(model);
    expect(outgoing?.event.data).toMatchObject({
      outcome: 'failed',
      failure: { code: 'model_refused', stage: 'scoring_cv' },
    });
  });

  it('is given up when its calls are spent, and calls no more', async () => {
    const model = createFakeLanguageModel(() => good);
    for (let call = 0; call < MAXIMUM_CALLS; call += 1) await handle(model);
    await expect(handle(model)).rejects.toMatchObject({
      code: 'model_budget_spent',
      retryable: false,
      details: { calls: 2 },
    });
    expect(model.requests).toHaveLength(MAXIMUM_CALLS);
  });

  it('goes on with what it shares with one that is withdrawn', async () => {
    const fake = createFakeLanguageModel(() => good);
    let asked = (): void => undefined;
    const embedding = new Promise<void>((resolve) => (asked = resolve));
    let answer = (): void => undefined;
    const model: FakeLanguageModel = {
      ...fake,
      embed: (texts, signal) => {
        asked();
        return new Promise((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason as Error));
          answer = () => void fake.embed(texts).then(resolve);
        });
      },
    };
    const { blobs } = storage;
    let reads = 0;
    let hasReadTwice = (): void => undefined;
    const secondRead = new Promise<void>((resolve) => (hasReadTwice = resolve));
    storage = {
      ...storage,
      blobs: {
        ...blobs,
        get: async (key) => {
          const content = await blobs.get(key);
          if (key === blobKeys.documentText(evaluation.cv.id) && (reads += 1) === 2) hasReadTwice();
          return content;
        },
      },
    };
    const handler = handlerWith(model);
    const withdrawn = new AbortController();
    const first = handler.handle(event(evaluation), { signal: withdrawn.signal, attempt: 1 });
    const other = { ...evaluation, evaluationId: 'eval_fedcba9876543210fedcba98' };
    const signal = new AbortController().signal;
    await embedding;
    const second = handler.handle(event(other), { signal, attempt: 1 });
    // Once it has read its document too, the second waits for what the first one began.
    await secondRead;
    await new Promise((resolve) => setImmediate(resolve));
    withdrawn.abort();
    await expect(first).rejects.toThrow(/abort/i);
    answer();
    const [outgoing] = await second;
    expect(outgoing?.event.data).toMatchObject({ outcome: 'scored' });
  });

  it('leaves to the runtime what may pass, and what is a bug', async () => {
    const unavailable = new BerkasError('Later.', { code: 'model_unavailable', retryable: true });
    for (const error of [unavailable, new TypeError('bug')]) {
      const model = createFakeLanguageModel(() => {
        throw error;
      });
      await expect(handle(model)).rejects.toBe(error);
    }
  });

  it('says failed when the runtime gives the event up, naming nothing of a bug', async () => {
    const handler = handlerWith(createFakeLanguageModel());
    const [outgoing] = (await handler.onGiveUp?.(event(evaluation), new TypeError('secret'))) ?? [];
    expect(outgoing?.event.data).toMatchObject({
      outcome: 'failed',
      failure: { code: 'internal_error', stage: 'scoring_cv' },
    });
    expect(JSON.stringify(outgoing)).not.toContain('secret');
  });

  it('has nothing to do for an evaluation that could not be prepared', async () => {
    const model = createFakeLanguageModel();
    const failed: EvaluationPrepared = {
      evaluationId: evaluation.evaluationId,
      run: 'live',
      outcome: 'failed',
      failure: { code: 'pdf_corrupt', stage: 'reading' },
    };
    expect(await handle(model, failed)).toEqual([]);
    expect(model.requests).toEqual([]);
  });
});

describe('a document that is too long for one prompt', () => {
  it('goes in as the passages that its rubric asks for, and is quoted from as a whole', async () => {
    const filler = Array.from({ length: 100 }, (_, number) =>
      `Other matters ${number}. `.repeat(30),
    );
    const pages = [...filler, 'Ran the Node.js platform.'].map((text, index) => ({
      number: index + 1,
      text,
    }));
    const key = blobKeys.documentText(evaluation.cv.id);
    await storage.blobs.put(key, Buffer.from(JSON.stringify({ pages })));
    const source = { kind: 'cv', source: evaluation.cv.id, version: evaluation.cv.sha256 } as const;
    const id = `${source.source}@${source.version}#0`;
    const passage = { ...source, id, ordinal: 0, page: 101, text: 'Ran the Node.js platform.' };
    const { vectors } = await createFakeLanguageModel().embed([passage.text]);
    await storage.search.replaceSource(source, [{ ...passage, vector: vectors[0] ?? [] }]);
    const model = createFakeLanguageModel(() => good);
    await handle(model);
    const document = parseParts(model.requests[0]?.messages[1]?.content ?? '').find(
      ({ name }) => name === 'document',
    );
    expect(document?.content).toBe('[page 101]\nRan the Node.js platform.');
    const stored = await storage.blobs.get(
      blobKeys.partResult(evaluation.evaluationId, 'live', 'cv'),
    );
    const result = PartResult.parse(JSON.parse(Buffer.from(stored).toString('utf8')));
    expect(result.parameters[0]?.evidence).toEqual([
      { quote: 'Ran the Node.js platform', page: 101 },
    ]);
  });
});

describe('an index that does not hold what an evaluation needs', () => {
  it('fails the part rather than scoring without the job', async () => {
    await storage.search.deleteSource('job', 'job');
    const model = createFakeLanguageModel(() => good);
    await expect(handle(model)).rejects.toMatchObject({ code: 'passages_missing' });
    expect(model.requests).toEqual([]);
  });
});
