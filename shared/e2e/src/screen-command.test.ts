import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ResultResponse } from '@berkas/contracts';
import { badFiles, cvs, fixturePath, reports } from '../fixtures/index.ts';
import { runBerkas } from './berkas-process.ts';
import {
  BACKEND_JOB,
  removeFolder,
  startBerkas,
  temporaryFolder,
  type BerkasUnderTest,
} from './berkas-under-test.ts';

const cv = fixturePath(cvs['staff-english'].file);
const report = fixturePath(reports['excellent-english'].file);
const encrypted = fixturePath(badFiles.encrypted.file);
const notPdf = fixturePath(badFiles['not-a-pdf'].file);

let berkas: BerkasUnderTest;
let emptyFolder: string;
/** Finds the server of the tests by its data folder. */
const run = (...parameters: string[]) =>
  runBerkas(['screen', ...parameters], { BERKAS_DATA_DIR: berkas.folder });

beforeAll(async () => {
  berkas = await startBerkas();
  emptyFolder = await temporaryFolder();
});
afterAll(async () => {
  await berkas.dispose();
  await removeFolder(emptyFolder);
});

describe('berkas screen', () => {
  it('uses the running server, shows each stage as a line and prints scores, quotes and summary', async () => {
    const { status, stdout, stderr } = await run(cv, report, '--job', BACKEND_JOB);
    expect(stderr).toContain(`Using the server at ${berkas.url}`);
    expect(stderr).toMatch(/Uploading[\s\S]*Asking[\s\S]*Completed: eval_/);
    expect(stdout).toMatch(
      /CV match rate[\s\S]*Technical skills match[\s\S]*[1-5] of 5[\s\S]*\(page 1\)/,
    );
    expect(stdout).toMatch(/Project score[\s\S]*Correctness[\s\S]*Summary/);
    expect(stdout).toMatch(/offline-[\s\S]*set of\s+rules/);
    expect(status).toBe(0);
  });

  it('brings a server up for the call when there is none', async () => {
    const { status, stderr, stdout } = await runBerkas(['screen', cv, report, '--json'], {
      BERKAS_DATA_DIR: emptyFolder,
    });
    expect(stderr).toContain('Starting Berkas for this call');
    expect(ResultResponse.parse(JSON.parse(stdout)).status).toBe('completed');
    expect(status).toBe(0);
  });

  it('prints the result alone with --json', async () => {
    const { stdout } = await run(cv, report, '--json');
    expect(ResultResponse.parse(JSON.parse(stdout)).status).toBe('completed');
  });

  it('ends with 1 when the evaluation fails, and says why', async () => {
    const { status, stderr, stdout } = await run(encrypted, report);
    expect(status).toBe(1);
    expect(stderr).toMatch(/CV: The PDF is protected by a password.*\(pdf_encrypted\)/);
    expect(stdout).toBe('');
  });

  it.each([
    ['without files', [], /missing required argument/],
    ['with a file that is not there', ['nowhere.pdf', report], /nowhere\.pdf cannot be read/],
    ['with a file that is not a PDF', [notPdf, report], /PDF/],
    ['with an unknown option', [cv, report, '--fast'], /unknown option '--fast'/],
    ['with a server address that is none', [cv, report, '--server', 'here'], /not an address/],
    [
      'with an unknown job',
      [cv, report, '--job', 'Product Enginer (Backend)'],
      /Product Engineer \(Backend\)/,
    ],
  ])('ends with 2 %s, and says what is wrong', async (_case, parameters, message) => {
    const { status, stderr } = await run(...parameters);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it('ends with 1 when nobody answers at the address given', async () => {
    const { status, stderr } = await run(cv, report, '--server', 'http://127.0.0.1:9');
    expect(stderr).toMatch(/Is a Berkas server running there\?/);
    expect(status).toBe(1);
  });
});
