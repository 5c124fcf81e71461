import { BerkasError } from '@berkas/service-kit';
import type { Extraction, PdfExtractor, PdfExtractorOptions, PdfSource } from './extraction.ts';
import { startExtractionWorker, type ExtractionWorker } from './extraction-worker.ts';
import type { WorkerSettings } from './messages.ts';
import { workerSource } from './worker-source.ts';

const MEBIBYTE = 1_048_576;
const SMALLEST_HEAP_MB = 64;

const DEFAULTS = {
  workers: 2,
  timeoutMs: 30_000,
  memoryLimitMb: 512,
  maxPages: 50,
  idleMs: 30_000,
} as const;

/** The extractor was closed before the document was read; another process may read it. */
export class ExtractorClosedError extends BerkasError {
  constructor() {
    super('The PDF extractor is closed', { code: 'pdf_extractor_closed', retryable: true });
  }
}

type Job = {
  pdf: PdfSource;
  resolve: (extraction: Extraction) => void;
  reject: (error: unknown) => void;
};

/** Bytes that may be moved to a worker: exactly as long as the buffer behind them. */
async function bytesOf(pdf: PdfSource): Promise<Uint8Array> {
  if (typeof pdf !== 'function') return new Uint8Array(pdf);
  const taken = await pdf();
  // A view of a part would move the whole buffer, which may hold what is others'.
  return taken.byteLength === taken.buffer.byteLength ? taken : new Uint8Array(taken);
}

/** A place for one worker, which comes and goes. */
type Slot = { busy: boolean; worker?: ExtractionWorker; idle?: NodeJS.Timeout };

function settingsOf(options: { memoryLimitMb: number; maxPages: number }): WorkerSettings {
  const { memoryLimitMb, maxPages } = options;
  return {
    memoryLimitMb,
    maxPages,
    pdfiumMemoryBytes: memoryLimitMb * 0.75 * MEBIBYTE,
    heapBytes: Math.max(memoryLimitMb / 4, SMALLEST_HEAP_MB) * MEBIBYTE,
  };
}

/** Creates an extractor. It costs nothing until the first document. */
export function createPdfExtractor(options: PdfExtractorOptions = {}): PdfExtractor {
  const { workers, timeoutMs, idleMs, logger, ...limits } = { ...DEFAULTS, ...options };
  const settings = settingsOf(limits);
  const queue: Job[] = [];
  const running = new Set<Job>();
  const slots = Array.from({ length: workers }, (): Slot => ({ busy: false }));
  let closed = false;

  async function endWorker(slot: Slot): Promise<void> {
    clearTimeout(slot.idle);
    const { worker } = slot;
    delete slot.worker;
    await worker?.end();
  }

  /** Reads one document; what is returned hands the outcome to the caller. */
  async function read(slot: Slot, job: Job): Promise<() => void> {
    try {
      if (slot.worker?.isUsable() === false) await endWorker(slot);
      slot.worker ??= startExtractionWorker(workerSource(), settings, timeoutMs);
      const extraction = await slot.worker.run(await bytesOf(job.pdf));
      if (extraction.outcome === 'rejected') {
        logger?.debug({ code: extraction.code, ...extraction.details }, 'PDF rejected');
      }
      return () => job.resolve(extraction);
    } catch (error) {
      return () => job.reject(error);
    }
  }

  async function work(slot: Slot, job: Job): Promise<void> {
    slot.busy = true;
    clearTimeout(slot.idle);
    running.add(job);
    const deliver = await read(slot, job);
    running.delete(job);
    slot.busy = false;
    if (!closed) slot.idle = setTimeout(() => void endWorker(slot), idleMs).unref();
    // The place is free before the caller hears of it, or its next document would start a second worker.
    dispatch();
    deliver();
  }

  function dispatch(): void {
    const free = slots.filter((slot) => !slot.busy);
    // A worker that runs already is preferred to starting one.
    const slot = free.find(({ worker }) => worker !== undefined) ?? free[0];
    const job = slot && queue.shift();
    if (slot === undefined || job === undefined) return;
    void work(slot, job);
    dispatch();
  }

  return {
    extract(pdf) {
      if (closed) return Promise.reject(new ExtractorClosedError());
      return new Promise((resolve, reject) => {
        queue.push({ pdf, resolve, reject });
        dispatch();
      });
    },
    async close() {
      closed = true;
      for (const job of [...queue.splice(0), ...running]) job.reject(new ExtractorClosedError());
      await Promise.all(slots.map(endWorker));
    },
  };
}
