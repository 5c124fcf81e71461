import { readFile } from 'node:fs/promises';
import { setPdf, textsOf } from '../bench/documents.ts';
import { badFiles, cvs, fixturePath, reports } from '../shared/e2e/fixtures/index.ts';
import type { Chance } from './random.ts';

/** How an application has to end: as its base does, or with this code, the CV's fault. */
export type Expected =
  | { readonly outcome: 'completed'; readonly base: number }
  | { readonly outcome: 'failed'; readonly code: 'pdf_corrupt' | 'pdf_no_text' | 'pdf_encrypted' };

/** Applications of one base have the same text but for their reference, so the same results. */
export type Application = {
  readonly reference: string;
  readonly expected: Expected;
  readonly makeFiles: () => Promise<{ readonly cv: File; readonly projectReport: File }>;
};

export interface ApplicationMaker {
  readonly bases: number;
  make(index: number, expected: Expected): Application;
}

const REFERENCE = /Reference \d{6}/g;
/** As wide for every number: lines break and tokens count alike. */
export const referenceOf = (index: number): string => `Reference ${String(index).padStart(6, '0')}`;
export const referencesIn = (text: string): string[] => [...new Set(text.match(REFERENCE) ?? [])];
export const withoutReferences = (text: string): string => text.replace(REFERENCE, 'Reference');

const BAD_SHARE = 0.05;
const BAD = [
  { code: 'pdf_corrupt', file: badFiles.corrupt.file },
  { code: 'pdf_no_text', file: badFiles['no-text'].file },
  { code: 'pdf_encrypted', file: badFiles.encrypted.file },
] as const;

/** Which of so many fail for good, and of which base the others are. */
export function expectations(count: number, bases: number, chance: Chance): Expected[] {
  const bad =
    count === 1 ? 0 : Math.min(count - 1, Math.max(BAD.length, Math.round(count * BAD_SHARE)));
  const places = new Set(chance.shuffled([...Array(count).keys()]).slice(0, bad));
  let used = 0;
  return Array.from({ length: count }, (_, index): Expected => {
    if (!places.has(index)) return { outcome: 'completed', base: index % bases };
    used += 1;
    return { outcome: 'failed', code: (BAD[used % BAD.length] ?? BAD[0]).code };
  });
}

/** Reads the sample documents' texts once; each application sets them again under its reference. */
export async function createApplicationMaker(bases: number): Promise<ApplicationMaker> {
  const cvTexts = await textsOf(Object.values(cvs).map(({ file }) => file));
  // The longest report alone takes as long as all the others.
  const reportTexts = await textsOf(
    Object.values(reports).flatMap(({ file, layout }) => (layout === 'long' ? [] : [file])),
  );
  const pagesOf = (texts: readonly string[][], base: number): string[] =>
    texts[base % texts.length] ?? [];
  return {
    bases,
    make: (index, expected) => {
      const reference = referenceOf(index);
      const base = expected.outcome === 'completed' ? expected.base : index % bases;
      return {
        reference,
        expected,
        makeFiles: async () => ({
          cv:
            expected.outcome === 'completed'
              ? await setPdf('cv.pdf', reference, pagesOf(cvTexts, base))
              : await badFile(expected.code),
          projectReport: await setPdf('report.pdf', reference, pagesOf(reportTexts, base)),
        }),
      };
    },
  };
}

async function badFile(code: (typeof BAD)[number]['code']): Promise<File> {
  const { file } = BAD.find((bad) => bad.code === code) ?? BAD[0];
  return new File([await readFile(fixturePath(file))], 'cv.pdf', { type: 'application/pdf' });
}
