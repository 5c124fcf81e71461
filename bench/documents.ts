import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createPdfExtractor } from '@berkas/ingest/extraction';
import PDFDocument from 'pdfkit';
import { cvs, fixturePath, reports } from '../shared/e2e/fixtures/index.ts';

export type Application = { cv: File; projectReport: File };

/**
 * Applications of ordinary length, no two alike: the text of the sample documents in turn, set again
 * with a line of its own, so that no answer of an earlier evaluation serves a later one.
 */
export async function makeApplications(count: number): Promise<Application[]> {
  const cvTexts = await textsOf(Object.values(cvs).map(({ file }) => file));
  const reportTexts = await textsOf(Object.values(reports).map(({ file }) => file));
  const applications: Application[] = [];
  for (let index = 0; index < count; index += 1) {
    const cv = cvTexts[index % cvTexts.length] ?? [];
    const report = reportTexts[index % reportTexts.length] ?? [];
    applications.push({
      cv: await setPdf(`cv-${index}.pdf`, `Reference ${index}`, cv),
      projectReport: await setPdf(`report-${index}.pdf`, `Reference ${index}`, report),
    });
  }
  return applications;
}

/** Of each file, its text page by page. */
export async function textsOf(files: readonly string[]): Promise<string[][]> {
  const extractor = createPdfExtractor();
  try {
    const texts: string[][] = [];
    for (const file of files) {
      const extraction = await extractor.extract(await readFile(fixturePath(file)));
      if (extraction.outcome === 'rejected') throw new Error(`${file}: ${extraction.code}`);
      texts.push(extraction.pages.map(({ text }) => text));
    }
    return texts;
  } finally {
    await extractor.close();
  }
}

/** A PDF of these pages under a line of its own. */
export async function setPdf(
  name: string,
  reference: string,
  pages: readonly string[],
): Promise<File> {
  return pdf(name, (document) => {
    document.fontSize(9).text(reference);
    for (const [position, text] of pages.entries()) {
      if (position > 0) document.addPage();
      document.text(text);
    }
  });
}

export const lightPdf = (name: string): Promise<File> =>
  pdf(name, (document) => document.text('A page of text.'));

/** A PDF of about that size: a page of text, and random bytes as an attachment. */
export async function heavyPdf(name: string, bytes: number): Promise<File> {
  return pdf(name, (document) => {
    document.text('A page of text with a heavy attachment.');
    document.file(randomBytes(bytes), { name: 'attachment.bin' });
  });
}

async function pdf(name: string, draw: (document: PDFKit.PDFDocument) => void): Promise<File> {
  const document = new PDFDocument({ compress: false });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => document.on('end', resolve));
  draw(document);
  document.end();
  await ended;
  return new File(chunks, name, { type: 'application/pdf' });
}
