import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EvaluationResult } from '@berkas/contracts';
import { createQuoteFinder } from '@berkas/scoring';
import { createPdfExtractor } from '@berkas/ingest/extraction';
import { readFile } from 'node:fs/promises';
import { cvs, fixturePath, reports, type CvName, type ReportName } from '../fixtures/index.ts';
import { startBerkas, type BerkasUnderTest } from './berkas-under-test.ts';

let berkas: BerkasUnderTest;
const results = new Map<string, EvaluationResult>();

const pathOfCv = (name: CvName) => fixturePath(cvs[name].file);
const pathOfReport = (name: ReportName) => fixturePath(reports[name].file);

/** Each screening is made once and looked at by several tests. */
async function screened(cv: CvName, report: ReportName): Promise<EvaluationResult> {
  const key = `${cv} ${report}`;
  const known = results.get(key);
  if (known !== undefined) return known;
  const { result } = await berkas.completed(pathOfCv(cv), pathOfReport(report));
  results.set(key, result);
  return result;
}

beforeAll(async () => {
  berkas = await startBerkas();
});
afterAll(() => berkas.dispose());

describe('screening real PDFs', () => {
  const everyCv = Object.keys(cvs) as CvName[];
  const everyReport = Object.keys(reports) as ReportName[];
  const firstReport = 'excellent-english';
  const firstCv = 'staff-english';

  it.each(everyCv)(
    'completes for the CV %s, every parameter of the rubric scored',
    async (name) => {
      const { cv, project, receipt } = await screened(name, firstReport);
      expect(cv.parameters.map(({ id }) => id)).toEqual([
        'technical_skills_match',
        'experience_level',
        'relevant_achievements',
        'cultural_collaboration_fit',
      ]);
      expect(project.parameters.map(({ id }) => id)).toEqual([
        'correctness',
        'code_quality',
        'resilience',
        'documentation',
        'creativity',
      ]);
      expect(receipt.model).toMatch(/^offline-/);
    },
  );

  it.each(everyReport)('completes for the report %s', async (name) => {
    const result = await screened(firstCv, name);
    expect(result.project_score).toBeGreaterThanOrEqual(1);
    expect(result.project_score).toBeLessThanOrEqual(5);
  });

  it('computes both totals from the scores and weights that it shows', () => {
    for (const result of results.values()) {
      const mean = (parameters: typeof result.cv.parameters) =>
        parameters.reduce((sum, { weight, score }) => sum + weight * score, 0);
      expect(result.cv_match_rate).toBeCloseTo(mean(result.cv.parameters) * 0.2, 1);
      expect(Math.abs(result.cv_match_rate - mean(result.cv.parameters) * 0.2)).toBeLessThanOrEqual(
        0.005001,
      );
      expect(Math.abs(result.project_score - mean(result.project.parameters))).toBeLessThanOrEqual(
        0.005001,
      );
    }
  });

  it('quotes only what stands in the documents, on the page it names', async () => {
    const extractor = createPdfExtractor();
    const check = async (path: string, parameters: EvaluationResult['cv']['parameters']) => {
      const extraction = await extractor.extract(await readFile(path));
      if (extraction.outcome !== 'extracted') throw new Error(extraction.code);
      const find = createQuoteFinder(extraction.pages);
      for (const { score, evidence } of parameters) {
        if (score > 2) expect(evidence.length).toBeGreaterThan(0);
        for (const quote of evidence) expect(find(quote.quote)).toEqual(quote);
      }
    };
    for (const [key, result] of results) {
      const [cv, report] = key.split(' ') as [CvName, ReportName];
      await check(pathOfCv(cv), result.cv.parameters);
      await check(pathOfReport(report), result.project.parameters);
    }
    await extractor.close();
  });

  it('tells those who do such work from those who begin, and both from another trade', async () => {
    const rates = new Map<string, number[]>();
    for (const name of everyCv) {
      const { cv_match_rate } = await screened(name, firstReport);
      rates.set(cvs[name].level, [...(rates.get(cvs[name].level) ?? []), cv_match_rate]);
    }
    const all = (...levels: string[]) => levels.flatMap((level) => rates.get(level) ?? []);
    expect(Math.min(...all('strong', 'mid'))).toBeGreaterThan(Math.max(...all('junior')));
    expect(Math.min(...all('junior'))).toBeGreaterThan(Math.max(...all('unrelated')));
    expect(Math.min(...all('strong'))).toBeGreaterThanOrEqual(0.8);
    expect(Math.max(...all('unrelated'))).toBeLessThan(0.45);
  });

  it('scores the same calibre alike in English and in Indonesian', async () => {
    for (const [english, indonesian] of [
      ['staff-english', 'staff-indonesian'],
      ['pastry-english', 'pastry-indonesian'],
    ] as const) {
      const rate = async (name: CvName) => (await screened(name, firstReport)).cv_match_rate;
      expect(Math.abs((await rate(english)) - (await rate(indonesian)))).toBeLessThanOrEqual(0.1);
    }
  });

  it('ranks excellent reports above weak ones, and off-topic ones last', async () => {
    const scores = new Map<string, number>();
    for (const name of everyReport) {
      scores.set(reports[name].quality, (await screened(firstCv, name)).project_score);
    }
    const of = (quality: string) => scores.get(quality) ?? Number.NaN;
    expect(of('excellent')).toBeGreaterThan(of('mediocre'));
    expect(of('mediocre')).toBeGreaterThan(of('weak'));
    expect(of('weak')).toBeGreaterThanOrEqual(of('off-topic'));
    expect(of('excellent')).toBeGreaterThanOrEqual(4);
    expect(of('off-topic')).toBeLessThan(2);
  });

  it('gives the same scores for the same documents again', async () => {
    const again = await berkas.completed(pathOfCv(firstCv), pathOfReport(firstReport));
    const { receipt: _, ...scores } = again.result;
    const { receipt: __, ...before } = await screened(firstCv, firstReport);
    expect(scores).toEqual(before);
  });

  it('keeps a receipt that names model, prompts, rubrics, documents and context', async () => {
    const { receipt } = await screened(firstCv, firstReport);
    expect(receipt.run).toBe('live');
    expect(receipt.prompt_version).toMatch(
      /cv-scoring@\w{16}, project-scoring@\w{16}, synthesis@\w{16}/,
    );
    expect(receipt.rubric_version).toMatch(/cv-standard@\w{16}, project-standard@\w{16}/);
    expect(receipt.documents.map(({ sha256 }) => sha256)).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    expect(new Set(receipt.context.map(({ source }) => source))).toEqual(
      new Set(['product-engineer-backend', 'case-study-screening-service']),
    );
    expect(receipt.calls.map(({ stage }) => stage)).toEqual(['cv', 'project', 'synthesis']);
  });
});
