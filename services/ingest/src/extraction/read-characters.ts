import type { PageCharacter } from '../domain/page-character.ts';
import type { Pdfium } from './pdfium.ts';

// PDFium writes this for a hyphen that ends a line.
const LINE_END_HYPHEN = 2;
// An em so much smaller than its glyph is a Type 3 font's, whose size is in units of its own.
const LARGEST_GLYPH_EMS = 3;
const SCRATCH_BYTES = 32;

function textOf(pdfium: Pdfium, textPage: number, index: number): string {
  const code = pdfium.FPDFText_GetUnicode(textPage, index);
  if (code === LINE_END_HYPHEN && pdfium.FPDFText_IsHyphen(textPage, index) === 1) return '-';
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '';
}

function readCharacter(
  pdfium: Pdfium,
  textPage: number,
  index: number,
  scratch: number,
): PageCharacter {
  const text = textOf(pdfium, textPage, index);
  pdfium.FPDFText_GetCharOrigin(textPage, index, scratch, scratch + 8);
  const double = scratch / 8;
  const originX = pdfium.heap.HEAPF64[double] ?? 0;
  const originY = pdfium.heap.HEAPF64[double + 1] ?? 0;
  pdfium.FPDFText_GetLooseCharBox(textPage, index, scratch);
  const float = scratch / 4;
  const left = pdfium.heap.HEAPF32[float] ?? 0;
  const top = pdfium.heap.HEAPF32[float + 1] ?? 0;
  const right = pdfium.heap.HEAPF32[float + 2] ?? 0;
  const bottom = pdfium.heap.HEAPF32[float + 3] ?? 0;
  pdfium.FPDFText_GetMatrix(textPage, index, scratch);
  const a = pdfium.heap.HEAPF32[float] ?? 1;
  const b = pdfium.heap.HEAPF32[float + 1] ?? 0;
  const c = pdfium.heap.HEAPF32[float + 2] ?? 0;
  const d = pdfium.heap.HEAPF32[float + 3] ?? 1;
  const angle = (Math.atan2(b, a) * 180) / Math.PI;
  const em = pdfium.FPDFText_GetFontSize(textPage, index) * Math.hypot(c, d);
  const isSideways = Math.abs(b) > Math.abs(a);
  const height = isSideways ? right - left : top - bottom;
  const size = em > 0 && height <= LARGEST_GLYPH_EMS * em ? em : height;
  return { text, left, bottom, right, top, originX, originY, size, angle };
}

/**
 * Reads the characters of a page in the order in which the document draws them, the spaces that
 * PDFium infers among them. All of them: hidden ones too.
 *
 * Whoever looks for hidden text adds here what fpdf_text.h gives a character: FPDFText_GetFillColor,
 * FPDFText_GetTextObject with FPDFTextObj_GetTextRenderMode; the size is read already.
 */
export function readCharacters(pdfium: Pdfium, textPage: number, count: number): PageCharacter[] {
  const scratch = pdfium.malloc(SCRATCH_BYTES);
  try {
    return Array.from({ length: count }, (_, index) =>
      readCharacter(pdfium, textPage, index, scratch),
    );
  } finally {
    pdfium.free(scratch);
  }
}
