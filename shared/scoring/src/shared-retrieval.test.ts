import { describe, expect, it } from '@jest/globals';
import { blobKeys } from '@berkas/contracts';
import { createFakeLanguageModel, type FakeLanguageModel } from '@berkas/llm/testing';
import { evaluation, event, good, partUnderTest } from './testing/part-under-test.ts';

const part = partUnderTest();

describe('scoring parts beside each other', () => {
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
    const { blobs } = part.storage;
    let reads = 0;
    let hasReadTwice = (): void => undefined;
    const secondRead = new Promise<void>((resolve) => (hasReadTwice = resolve));
    part.storage = {
      ...part.storage,
      blobs: {
        ...blobs,
        get: async (key) => {
          const content = await blobs.get(key);
          if (key === blobKeys.documentText(evaluation.cv.id) && (reads += 1) === 2) hasReadTwice();
          return content;
        },
      },
    };
    const handler = part.handlerWith(model);
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
});
