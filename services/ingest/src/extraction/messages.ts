import type { Extraction } from './extraction.ts';

/** What a worker is told once, at its start. */
export type WorkerSettings = {
  memoryLimitMb: number;
  /** Bytes that PDFium's linear memory may reach. */
  pdfiumMemoryBytes: number;
  /** Bytes of the JavaScript heap. */
  heapBytes: number;
  maxPages: number;
};

export type WorkerRequest = { pdf: Uint8Array };

export type WorkerReply =
  | { kind: 'ready' }
  | { kind: 'done'; extraction: Extraction; pdfiumMemoryBytes: number }
  /** PDFium is in an unknown state: the worker is of no more use. */
  | { kind: 'out_of_memory' }
  | { kind: 'crashed' }
  /** Our own bug. */
  | { kind: 'failed'; error: Error };
