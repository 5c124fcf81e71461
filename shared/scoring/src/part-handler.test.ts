import { describe, expect, it } from '@jest/globals';
import { blobKeys, PartResult, type EvaluationPrepared } from '@berkas/contracts';
import { parseParts } from '@berkas/llm';
import { createFakeLanguageModel } from '@berkas/llm/testing';
import { BerkasError } from '@berkas/service-kit';
import {
  evaluation,
  event,
  good,
  MAXIMUM_CALLS,
  partUnderTest,
} from './testing/part-under-test.ts';

const part = partUnderTest();
const { handle, handlerWith } = part;

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
      JSON.parse(Buffer.from(await part.storage.blobs.get(key)).toString('utf8')),
    );
    expect(kept.weighted_mean).toBe(3.5);
    expect(kept.parameters[0]?.evidence).toEqual([{ quote: 'Ran the Node.js platform', page: 1 }]);
  });

  it('drops and flags a quote that does not stand in the document', async () => {
    await handle(createFakeLanguageModel(() => good));
    const key = blobKeys.partResult(evaluation.evaluationId, 'live', 'cv');
    const kept = PartResult.parse(
      JSON.parse(Buffer.from(await part.storage.blobs.get(key)).toString('utf8')),
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
    await part.storage.blobs.put(key, Buffer.from(JSON.stringify({ pages })));
    const source = { kind: 'cv', source: evaluation.cv.id, version: evaluation.cv.sha256 } as const;
    const id = `${source.source}@${source.version}#0`;
    const passage = { ...source, id, ordinal: 0, page: 101, text: 'Ran the Node.js platform.' };
    const { vectors } = await createFakeLanguageModel().embed([passage.text]);
    await part.storage.search.replaceSource(source, [{ ...passage, vector: vectors[0] ?? [] }]);
    const model = createFakeLanguageModel(() => good);
    await handle(model);
    const document = parseParts(model.requests[0]?.messages[1]?.content ?? '').find(
      ({ name }) => name === 'document',
    );
    expect(document?.content).toBe('[page 101]\nRan the Node.js platform.');
    const stored = await part.storage.blobs.get(
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
    await part.storage.search.deleteSource('job', 'job');
    const model = createFakeLanguageModel(() => good);
    await expect(handle(model)).rejects.toMatchObject({ code: 'passages_missing' });
    expect(model.requests).toEqual([]);
  });
});
