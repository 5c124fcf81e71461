import { Worker } from 'node:worker_threads';
import type { Extraction, RejectionCode } from './extraction.ts';
import type { WorkerReply, WorkerRequest, WorkerSettings } from './messages.ts';
import type { WorkerSource } from './worker-source.ts';

/** One worker thread, for one document at a time. */
export interface ExtractionWorker {
  /**
   * Moves the bytes, buffer and all, to the thread. Rejects with our own bugs alone; a document that
   * breaks the worker is an extraction's outcome.
   */
  run(pdf: Uint8Array): Promise<Extraction>;
  /** Whether it can take another document. */
  isUsable(): boolean;
  end(): Promise<void>;
}

type Ending = WorkerReply | { kind: 'timed_out' } | { kind: 'exited' };

const MEBIBYTE = 1_048_576;
// The young generation is small and short-lived; the old one gets the heap's share.
const YOUNG_GENERATION_MB = 16;
/** From here on a new thread costs less than what the old one would keep. */
const LARGE_FILE_BYTES = 4 * MEBIBYTE;

const reject = (code: RejectionCode, details: Record<string, number> = {}): Extraction => ({
  outcome: 'rejected',
  code,
  details,
});

const isOutOfHeap = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_WORKER_OUT_OF_MEMORY';

function spawn(source: WorkerSource, settings: WorkerSettings): Worker {
  return new Worker(source.url, {
    workerData: settings,
    execArgv: source.execArgv,
    // A thread that reads strangers' files needs none of our secrets.
    env: {},
    resourceLimits: {
      maxOldGenerationSizeMb: Math.ceil(settings.heapBytes / MEBIBYTE),
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
    },
  });
}

/** Waits until the worker says that it is ready; one that cannot even start is our own bug. */
const whenReady = (worker: Worker): Promise<void> =>
  new Promise((resolve, fail) => {
    worker
      .once('message', () => resolve())
      .once('error', fail)
      .once('exit', () => fail(new Error('The extraction worker ended before it was ready')));
  });

/** Sends a document and waits for whatever ends it first; the time runs from here. */
function ask(worker: Worker, pdf: Uint8Array, timeoutMs: number): Promise<Ending> {
  return new Promise((resolve) => {
    const end = (ending: Ending): void => {
      clearTimeout(timer);
      worker.off('message', end).off('error', onError).off('exit', onExit);
      resolve(ending);
    };
    const onError = (error: unknown): void => {
      end(
        isOutOfHeap(error) ? { kind: 'out_of_memory' } : { kind: 'failed', error: error as Error },
      );
    };
    const onExit = (): void => end({ kind: 'exited' });
    const timer = setTimeout(() => end({ kind: 'timed_out' }), timeoutMs);
    worker.on('message', end).on('error', onError).on('exit', onExit);
    const request: WorkerRequest = { pdf };
    worker.postMessage(request, [request.pdf.buffer as ArrayBuffer]);
  });
}

/**
 * Starts a worker thread. It dies with its first document that breaks a limit or PDFium; the owner
 * then starts another.
 */
export function startExtractionWorker(
  source: WorkerSource,
  settings: WorkerSettings,
  timeoutMs: number,
): ExtractionWorker {
  const worker = spawn(source, settings);
  let usable = true;
  // Without a listener an error between two documents would end the whole process.
  worker.on('error', () => (usable = false)).on('exit', () => (usable = false));
  const ready = whenReady(worker);
  ready.catch(() => undefined);
  const end = async (): Promise<void> => {
    usable = false;
    await worker.terminate();
  };

  async function settle(ending: Ending, pdfBytes: number): Promise<Extraction> {
    if (ending.kind !== 'done') await end();
    switch (ending.kind) {
      case 'done':
        // Its memory never shrinks. One that a document left more than half full is not kept, or a
        // later document would be refused for it; nor one that read a large file, or the process
        // would stay as large as the largest file it has seen.
        usable &&= ending.pdfiumMemoryBytes <= settings.pdfiumMemoryBytes / 2;
        usable &&= pdfBytes <= LARGE_FILE_BYTES;
        if (!usable) await end();
        return ending.extraction;
      case 'timed_out':
        return reject('pdf_too_slow', { limitMs: timeoutMs });
      case 'out_of_memory':
        return reject('pdf_too_much_memory', { limitMb: settings.memoryLimitMb });
      case 'crashed':
      case 'exited':
        return reject('pdf_corrupt');
      case 'failed':
        throw ending.error;
      case 'ready':
        throw new Error('An extraction worker said twice that it is ready');
    }
  }

  return {
    async run(pdf) {
      worker.ref();
      await ready;
      const { byteLength } = pdf;
      const extraction = await settle(await ask(worker, pdf, timeoutMs), byteLength);
      // A worker that waits for work does not keep the process alive.
      worker.unref();
      return extraction;
    },
    isUsable: () => usable,
    end,
  };
}
