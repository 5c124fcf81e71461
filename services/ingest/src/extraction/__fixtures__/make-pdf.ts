import PDFDocument from 'pdfkit';

export type Drawing = PDFKit.PDFDocument;

/** Draws a PDF in memory: A4, Helvetica 10 pt, no margins of its own in the way. */
export function makePdf(
  draw: (document: Drawing) => void,
  options: PDFKit.PDFDocumentOptions = {},
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const document = new PDFDocument({ size: 'A4', margin: 40, ...options });
    const chunks: Uint8Array[] = [];
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('error', reject);
    document.on('end', () => {
      resolve(new Uint8Array(Buffer.concat(chunks)));
    });
    document.fontSize(10);
    draw(document);
    document.end();
  });
}

/** One line at a place, never wrapped. */
export function write(document: Drawing, text: string, x: number, y: number): void {
  document.text(text, x, y, { lineBreak: false });
}

/** Lines below each other; returns the y after the last. */
export function writeLines(
  document: Drawing,
  lines: readonly string[],
  at: { x: number; y: number; leading: number },
): number {
  lines.forEach((line, index) => {
    write(document, line, at.x, at.y + index * at.leading);
  });
  return at.y + lines.length * at.leading;
}

/** A paragraph of numbered words, so that a test sees which part of it came where. */
export const paragraph = (word: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${word}${index + 1}`).join(' ');

/** Many pages that share one drawing, without the cross-reference table that readers can do without. */
export function makeRepeatingPdf({ pages, lines }: { pages: number; lines: number }): Uint8Array {
  const drawing = `BT /F 10 Tf 2 TL 40 780 Td ${'(one line of ordinary text) Tj T* '.repeat(lines)} ET`;
  const numbers = Array.from({ length: pages }, (_, index) => index + 5);
  const objects = [
    '1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj',
    `2 0 obj <</Type/Pages/Count ${pages}/Kids[${numbers.map((n) => `${n} 0 R`).join(' ')}]>> endobj`,
    `3 0 obj <</Length ${drawing.length}>> stream\n${drawing}\nendstream endobj`,
    '4 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj',
    ...numbers.map(
      (n) =>
        `${n} 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R` +
        '/Resources<</Font<</F 4 0 R>>>>>> endobj',
    ),
  ];
  const file = ['%PDF-1.4', ...objects, 'trailer <</Root 1 0 R>>', '%%EOF'].join('\n');
  return new TextEncoder().encode(file);
}
