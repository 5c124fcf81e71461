export { createPdfExtractor, ExtractorClosedError } from './create-pdf-extractor.ts';
export type {
  ExtractedPage,
  Extraction,
  PdfExtractor,
  PdfExtractorOptions,
  PdfSource,
  RejectionCode,
} from './extraction.ts';
