import { pageText } from '../domain/page-text.ts';
import type { ExtractedPage, Extraction, RejectionCode } from './extraction.ts';
import type { WorkerSettings } from './messages.ts';
import type { Pdfium } from './pdfium.ts';
import { readCharacters } from './read-characters.ts';

// fpdfview.h: FPDF_ERR_PASSWORD, and FPDF_ERR_SECURITY for a scheme that PDFium does not know.
const ENCRYPTION_ERRORS = [4, 5];
// Of JavaScript heap while a page is laid out, measured generously.
const BYTES_PER_CHARACTER = 512;

const reject = (code: RejectionCode, details: Record<string, number> = {}): Extraction => ({
  outcome: 'rejected',
  code,
  details,
});

class TooManyCharactersError extends Error {}

function readTextPage(pdfium: Pdfium, textPage: number, heapBytes: number): string {
  const count = pdfium.FPDFText_CountChars(textPage);
  // Asked beforehand, because V8 ends a thread that is out of heap but cannot end it everywhere.
  if (count * BYTES_PER_CHARACTER > heapBytes) throw new TooManyCharactersError();
  return pageText(readCharacters(pdfium, textPage, Math.max(count, 0)));
}

/** The text of a page; undefined when the page is damaged. */
function readPage(
  pdfium: Pdfium,
  document: number,
  index: number,
  heapBytes: number,
): string | undefined {
  const page = pdfium.FPDF_LoadPage(document, index);
  if (page === 0) return undefined;
  try {
    const textPage = pdfium.FPDFText_LoadPage(page);
    if (textPage === 0) return undefined;
    try {
      return readTextPage(pdfium, textPage, heapBytes);
    } finally {
      pdfium.FPDFText_ClosePage(textPage);
    }
  } finally {
    pdfium.FPDF_ClosePage(page);
  }
}

function readPages(pdfium: Pdfium, document: number, settings: WorkerSettings): Extraction {
  const count = pdfium.FPDF_GetPageCount(document);
  if (count < 1) return reject('pdf_corrupt', { pages: 0 });
  if (count > settings.maxPages) {
    return reject('pdf_too_many_pages', { pages: count, limit: settings.maxPages });
  }
  const texts = Array.from({ length: count }, (_, index) =>
    readPage(pdfium, document, index, settings.heapBytes),
  );
  const pages = texts.map((text, index): ExtractedPage => ({
    number: index + 1,
    text: text ?? '',
  }));
  const characters = pages.reduce((sum, { text }) => sum + text.length, 0);
  if (characters > 0) return { outcome: 'extracted', pages, characters };
  const damaged = texts.filter((text) => text === undefined).length;
  return damaged > 0
    ? reject('pdf_corrupt', { pages: count, damaged })
    : reject('pdf_no_text', { pages: count });
}

const FILE_ACCESS_BYTES = 12;

/**
 * Gives PDFium the bytes piece by piece as it asks for them (`FPDF_FILEACCESS` of fpdfview.h), so
 * that a large file is not held a second time in its memory, which never shrinks.
 */
function openFile(pdfium: Pdfium, pdf: Uint8Array): { access: number; close(): void } {
  const getBlock = pdfium.addFunction((_parameter, position = 0, target = 0, size = 0) => {
    if (position + size > pdf.length) return 0;
    pdfium.heap.HEAPU8.set(pdf.subarray(position, position + size), target);
    return 1;
  }, 'iiiii');
  const access = pdfium.malloc(FILE_ACCESS_BYTES);
  pdfium.heap.HEAPU32.set([pdf.length, getBlock, 0], access / 4);
  return {
    access,
    close: () => {
      pdfium.free(access);
      pdfium.removeFunction(getBlock);
    },
  };
}

/**
 * Reads a PDF with PDFium and frees all that it took, whatever happens.
 *
 * @throws PdfiumMemoryError or PdfiumCrashError when the document broke PDFium; the instance is of no
 *   more use then.
 */
export function readDocument(
  pdfium: Pdfium,
  pdf: Uint8Array,
  settings: WorkerSettings,
): Extraction {
  const file = openFile(pdfium, pdf);
  try {
    const document = pdfium.FPDF_LoadCustomDocument(file.access, '');
    if (document === 0) {
      const error = pdfium.FPDF_GetLastError();
      return reject(ENCRYPTION_ERRORS.includes(error) ? 'pdf_encrypted' : 'pdf_corrupt');
    }
    try {
      return readPages(pdfium, document, settings);
    } finally {
      pdfium.FPDF_CloseDocument(document);
    }
  } catch (error) {
    if (!(error instanceof TooManyCharactersError)) throw error;
    return reject('pdf_too_much_memory', { limitMb: settings.memoryLimitMb });
  } finally {
    file.close();
  }
}
