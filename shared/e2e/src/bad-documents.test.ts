import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Problem } from '@berkas/contracts';
import { badFiles, cvs, fixturePath, reports, type BadFileName } from '../fixtures/index.ts';
import { startBerkas, type BerkasUnderTest } from './berkas-under-test.ts';

let berkas: BerkasUnderTest;
const goodCv = fixturePath(cvs['staff-english'].file);
const goodReport = fixturePath(reports['excellent-english'].file);
const pathOfBad = (name: BadFileName) => fixturePath(badFiles[name].file);

beforeAll(async () => {
  berkas = await startBerkas();
});
afterAll(() => berkas.dispose());

describe('documents that cannot be used', () => {
  it.each<[BadFileName, string]>([
    ['encrypted', 'pdf_encrypted'],
    ['corrupt', 'pdf_corrupt'],
    ['no-text', 'pdf_no_text'],
    ['too-many-pages', 'pdf_too_many_pages'],
  ])('accepts an %s CV and fails its evaluation as %s, in words', async (fault, code) => {
    const ended = await berkas.screen(pathOfBad(fault), goodReport);
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code, stage: 'reading', document_kind: 'cv' },
    });
    if (ended.status === 'failed') expect(ended.error.reason).toMatch(/^CV: The PDF/);
  });

  it('names the report when it is the report', async () => {
    const ended = await berkas.screen(goodCv, pathOfBad('encrypted'));
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'pdf_encrypted', document_kind: 'project_report' },
    });
  });

  it.each<[BadFileName, string]>([
    ['empty', 'file_empty'],
    ['not-a-pdf', 'file_not_pdf'],
  ])('refuses an %s file at the upload', async (fault, code) => {
    const response = await berkas.uploadFiles(pathOfBad(fault), goodReport);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(Problem.parse(await response.json()).code).toBe(code);
  });

  it('screens good applications beside bad ones as if they were alone', async () => {
    const alone = await berkas.completed(goodCv, goodReport);
    const faults: BadFileName[] = ['encrypted', 'corrupt', 'no-text', 'too-many-pages'];
    const [together, ...bad] = await Promise.all([
      berkas.completed(goodCv, goodReport),
      ...faults.map((fault) => berkas.screen(pathOfBad(fault), pathOfBad(fault))),
    ]);
    expect(bad.map(({ status }) => status)).toEqual(faults.map(() => 'failed'));
    expect(together.result.cv).toEqual(alone.result.cv);
    expect(together.result.project).toEqual(alone.result.project);
  });
});

describe('a PDF that takes too long', () => {
  it('fails within its limit and leaves the service at work', async () => {
    const hurried = await startBerkas({ PDF_TIMEOUT_MS: '10' });
    const ended = await hurried.screen(fixturePath('reports/long-indonesian.pdf'), goodReport);
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'pdf_too_slow' } });
    expect((await hurried.get('/healthz')).status).toBe(200);
    await hurried.dispose();
  });
});
