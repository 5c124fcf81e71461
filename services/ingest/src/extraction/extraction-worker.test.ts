import { afterEach, describe, expect, it } from '@jest/globals';
import { startExtractionWorker, type ExtractionWorker } from './extraction-worker.ts';

const MEBIBYTE = 1_048_576;
const SETTINGS = {
  memoryLimitMb: 100,
  pdfiumMemoryBytes: 75 * MEBIBYTE,
  heapBytes: 25 * MEBIBYTE,
  maxPages: 50,
};

let worker: ExtractionWorker | undefined;
afterEach(() => worker?.end());

/** A worker that is ready at once and answers a document with these statements. */
function workerThat(onMessage: string, timeoutMs = 20_000): ExtractionWorker {
  const code = `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', () => { ${onMessage} });
    parentPort.postMessage({ kind: 'ready' });`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  worker = startExtractionWorker({ url, execArgv: [] }, SETTINGS, timeoutMs);
  return worker;
}

const replies = (reply: string): string => `parentPort.postMessage(${reply});`;
/** A new one each time: `run` moves it. */
const pdf = (): Uint8Array => new Uint8Array(8);

describe('an extraction worker', () => {
  it('surfaces our own bugs as errors, reported or thrown', async () => {
    const reporting = workerThat(replies(`{ kind: 'failed', error: new TypeError('our bug') }`));
    await expect(reporting.run(pdf())).rejects.toThrow('our bug');
    expect(reporting.isUsable()).toBe(false);
    const throwing = workerThat(`throw new TypeError('our other bug')`);
    await expect(throwing.run(pdf())).rejects.toThrow('our other bug');
  });

  it('surfaces that it cannot start', async () => {
    const url = new URL('data:text/javascript,throw new Error("no such module")');
    worker = startExtractionWorker({ url, execArgv: [] }, SETTINGS, 20_000);
    await expect(worker.run(pdf())).rejects.toThrow('no such module');
  });

  it('takes a crash of PDFium, or an end of the thread without a word, for a corrupt PDF', async () => {
    const corrupt = { outcome: 'rejected', code: 'pdf_corrupt', details: {} };
    expect(await workerThat(replies(`{ kind: 'crashed' }`)).run(pdf())).toEqual(corrupt);
    expect(await workerThat('process.exit(1)').run(pdf())).toEqual(corrupt);
  });

  it('ends a thread that loops for ever', async () => {
    const looping = workerThat('for (;;);', 100);
    expect(await looping.run(pdf())).toEqual({
      outcome: 'rejected',
      code: 'pdf_too_slow',
      details: { limitMs: 100 },
    });
    expect(looping.isUsable()).toBe(false);
  });

  it('survives a thread that runs out of JavaScript heap', async () => {
    const greedy = workerThat('const kept = []; for (;;) kept.push({ a: kept.length, b: [1] });');
    expect(await greedy.run(pdf())).toEqual({
      outcome: 'rejected',
      code: 'pdf_too_much_memory',
      details: { limitMb: 100 },
    });
  });

  it('is not used again once it has read a large file', async () => {
    const done = `{ kind: 'done', extraction: { outcome: 'rejected', code: 'pdf_no_text', details: {} }, pdfiumMemoryBytes: 1 }`;
    const reading = workerThat(replies(done));
    await reading.run(pdf());
    expect(reading.isUsable()).toBe(true);
    await reading.run(new Uint8Array(5 * MEBIBYTE));
    expect(reading.isUsable()).toBe(false);
  });

  it('is not used again once a document has left its memory more than half full', async () => {
    const done = (bytes: number) =>
      replies(`{ kind: 'done', extraction: { outcome: 'done' }, pdfiumMemoryBytes: ${bytes} }`);
    const light = workerThat(done(20 * MEBIBYTE));
    await light.run(pdf());
    expect(light.isUsable()).toBe(true);
    await light.end();
    const heavy = workerThat(done(40 * MEBIBYTE));
    await heavy.run(pdf());
    expect(heavy.isUsable()).toBe(false);
  });
});
