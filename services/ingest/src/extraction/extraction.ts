import type { Logger } from '@berkas/service-kit';

export type ExtractedPage = {
  /** From 1. */
  number: number;
  /** In reading order: `\n` between lines, a blank line between blocks; '' for a page without text. */
  text: string;
};

export type RejectionCode =
  | 'pdf_encrypted'
  | 'pdf_corrupt'
  | 'pdf_no_text'
  | 'pdf_too_many_pages'
  | 'pdf_too_slow'
  | 'pdf_too_much_memory';

export type Extraction =
  | {
      outcome: 'extracted';
      pages: ExtractedPage[];
      /** UTF-16 units over all pages, line ends included. */
      characters: number;
    }
  | { outcome: 'rejected'; code: RejectionCode; details: Record<string, number> };

export type PdfSource = Uint8Array | (() => Promise<Uint8Array>);

export interface PdfExtractor {
  /**
   * Extracts the text of one PDF in a worker thread. Calls past the number of workers wait their
   * turn, first come first served.
   *
   * Bytes are copied when their turn comes (the copy is moved to the worker), so the caller keeps its
   * own and must leave them unchanged until the promise settles. A function is called when its turn
   * comes, so that documents that wait take no memory; the bytes it answers are moved to the worker and
   * of no use to anyone else, and what it rejects with is what `extract` rejects with.
   *
   * @returns the text, or the reason why this document has none; a hostile document is a rejection,
   *   never an exception.
   * @throws ExtractorClosedError after, or because of, `close()`; any other error is a bug of ours.
   */
  extract(pdf: PdfSource): Promise<Extraction>;
  /** Ends every worker at once; documents under way or waiting fail with ExtractorClosedError. */
  close(): Promise<void>;
}

export type PdfExtractorOptions = {
  /** Worker threads at most; 2 by default. None runs before there is work. */
  workers?: number;
  /** For one document, from the moment a worker takes it; 30 000 by default. */
  timeoutMs?: number;
  /**
   * For one document, in MiB; 512 by default. Three quarters are for PDFium's memory, a quarter, though
   * never less than 64 MiB, for the JavaScript heap of the worker.
   */
  memoryLimitMb?: number;
  /** 50 by default. */
  maxPages?: number;
  /** How long a worker without work stays; 30 000 by default. */
  idleMs?: number;
  logger?: Pick<Logger, 'debug' | 'warn'>;
};
