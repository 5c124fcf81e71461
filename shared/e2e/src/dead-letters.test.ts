import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient, type Client } from '@berkas/cli/client';
import {
  blobKeys,
  evaluationPrepared,
  type DeadLetterState,
  type DeadLetterSummary,
} from '@berkas/contracts';
import { eventually } from '@berkas/messaging/testing';
import { createFileBlobStore, createMinioBlobStore, type BlobStore } from '@berkas/storage';
import { cvs, fixturePath, reports } from '../fixtures/index.ts';
import { runBerkas, type Finished } from './berkas-process.ts';
import {
  openBus,
  removeFolder,
  startBerkas,
  temporaryFolder,
  type BerkasUnderTest,
  type Environment,
} from './berkas-under-test.ts';
import { startRefusingModel } from './refusing-model.ts';
import { namespaceOf, serverAddresses } from './servers.ts';
import { onServers } from './six-processes.ts';

const cv = fixturePath(cvs['mid-english'].file);
const report = fixturePath(reports['excellent-english'].file);
const otherReport = fixturePath(reports['weak-english'].file);
/** One process makes a token of its own; six processes are given one. */
const TOKEN = 'a-token-of-the-tests';
const OPERATOR: Environment = onServers ? { BERKAS_OPERATOR_TOKEN: TOKEN } : {};

let folder: string;
let berkas: BerkasUnderTest;
let client: Client;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await berkas.stop();
  await removeFolder(folder);
});

const start = async (environment: Environment = {}): Promise<void> => {
  berkas = await startBerkas({ BERKAS_DATA_DIR: folder, ...OPERATOR, ...environment });
  client = createClient(berkas.url, undefined, onServers ? TOKEN : await tokenInFolder());
};
const tokenInFolder = async (): Promise<string> => {
  const file = await readFile(join(folder, 'server.json'), 'utf8');
  return (JSON.parse(file) as { token: string }).token;
};
/** The command, which takes its time to start: what is only looked at is asked of the API. */
const deadLetters = (...parameters: string[]): Promise<Finished> =>
  runBerkas(['dead-letters', ...parameters], { BERKAS_DATA_DIR: folder, ...OPERATOR });
const listed = async (state: DeadLetterState = 'open'): Promise<DeadLetterSummary[]> =>
  (await client.deadLetters(state)).dead_letters;
/** Waits for the projection, and for as many as there will be. */
const openLetters = async (count: number): Promise<DeadLetterSummary[]> => {
  let found: DeadLetterSummary[] = [];
  await eventually(async () => (found = await listed()).length >= count, `${count} dead letters`);
  expect(found).toHaveLength(count);
  return found;
};

/** What the services keep, to break and to mend it. */
const openBlobs = async (): Promise<BlobStore> => {
  if (!onServers) return createFileBlobStore({ folder: join(folder, 'blobs') });
  const addresses = serverAddresses();
  return createMinioBlobStore({
    endpoint: addresses['MINIO_ENDPOINT'] ?? '',
    accessKey: addresses['MINIO_ACCESS_KEY'] ?? '',
    secretKey: addresses['MINIO_SECRET_KEY'] ?? '',
    bucket: namespaceOf(folder),
    timeoutMs: 10_000,
  });
};

describe('an evaluation of which a stage was given up', () => {
  /** Asks for an evaluation whose CV can no longer be found; answers what mends it, too. */
  async function failed() {
    const uploaded = await berkas.upload(cv, report);
    const before = await berkas.ended(await berkas.request(uploaded));
    const blobs = await openBlobs();
    const key = blobKeys.documentText(uploaded.cv.id);
    const text = await blobs.get(key);
    await blobs.delete(key);
    const id = await berkas.request(uploaded);
    expect(await berkas.ended(id)).toMatchObject({
      status: 'failed',
      error: { code: 'internal_error', stage: 'scoring_cv' },
    });
    return { id, before, mend: () => blobs.put(key, text) };
  }

  it('is listed with why, and completes once the fault is gone and it is redriven', async () => {
    await start();
    const { id, before, mend } = await failed();
    const [letter] = await openLetters(1);
    const letterId = letter?.id ?? '';
    expect(letter).toMatchObject({
      state: 'open',
      group: 'cv-evaluator',
      type: 'evaluation-prepared',
      evaluationId: id,
      code: 'blob_not_found',
      attempts: 1,
    });
    const table = await deadLetters('list');
    expect(table.status).toBe(0);
    expect(table.stdout).toContain(letterId);
    expect(table.stdout).toContain(id);
    const shown = await deadLetters('show', letterId);
    expect(shown.stdout).toMatch(/Tries +1[\s\S]*Reason +BlobNotFoundError/);
    expect(shown.stdout).toMatch(/Stack\n +at [\s\S]*Event\n\{/);
    expect(shown.stdout).toContain(`"evaluationId": "${id}"`);

    await mend();
    const redriven = await deadLetters('redrive', letterId);
    expect(redriven.stderr).toBe('');
    expect(redriven.stdout).toBe(`${letterId} redriven: ${id} goes again (round 1)\n`);
    expect(redriven.status).toBe(0);
    await eventually(async () => (await berkas.result(id)).status === 'completed');
    const after = await berkas.result(id);
    if (after.status !== 'completed' || before.status !== 'completed') throw new Error('failed');
    expect(after.result.cv.parameters).toEqual(before.result.cv.parameters);
    expect(await listed()).toEqual([]);
    expect(await listed('redriven')).toMatchObject([{ id: letterId, evaluationId: id }]);
    await expect(client.redrive(letterId)).rejects.toMatchObject({ code: 'dead_letter_settled' });
  });

  it('stays failed when its letter is dropped, and can fail anew when it is redriven too soon', async () => {
    await start();
    const { id } = await failed();
    const [first] = await openLetters(1);
    expect(await client.redrive(first?.id ?? '')).toMatchObject({ evaluation_id: id, round: 1 });
    await eventually(async () => (await listed()).some((letter) => letter.id !== first?.id));
    await eventually(async () => (await berkas.result(id)).status === 'failed');
    const [second, ...others] = await listed();
    expect(others).toEqual([]);
    expect(second).toMatchObject({ group: 'cv-evaluator', evaluationId: id, attempts: 1 });
    const dropped = await deadLetters('drop', second?.id ?? '');
    expect(dropped).toMatchObject({ status: 0, stdout: `${second?.id ?? ''} dropped\n` });
    expect(await listed()).toEqual([]);
    expect((await listed('dropped')).map((letter) => letter.id)).toEqual([second?.id]);
    expect((await berkas.result(id)).status).toBe('failed');
  });
});

describe('a document that was given up', () => {
  it('fails what waits for it, and reopens that once it is redriven and can be read', async () => {
    const model = await startRefusingModel();
    try {
      await start(model.variables);
      // What the system knows is read by then.
      expect(await berkas.screen(cv, report)).toMatchObject({ status: 'completed' });
      model.refuses = true;
      const uploaded = await berkas.upload(cv, otherReport);
      const id = await berkas.request(uploaded);
      expect(await berkas.ended(id)).toMatchObject({
        status: 'failed',
        error: { code: 'model_rejected_request', stage: 'reading' },
      });
      // The CV's text was embedded before: what was paid for is not asked for again.
      const letters = await openLetters(1);
      expect(letters).toMatchObject([
        {
          group: 'ingest',
          type: 'document-uploaded',
          documentId: uploaded.project_report.id,
          code: 'model_rejected_request',
        },
      ]);
      model.refuses = false;
      for (const letter of letters) {
        expect((await client.redrive(letter.id)).action).toBe('event_published_again');
      }
      await eventually(async () => (await berkas.result(id)).status === 'completed');
      expect(await listed()).toEqual([]);
    } finally {
      await berkas.stop();
      await model.stop();
    }
  });
});

describe('an event that nobody can read', () => {
  const READERS = ['cv-evaluator', 'project-evaluator', 'status', 'synthesizer'];

  it('is a letter of each group that reads it, and goes again to the one that it is redriven for', async () => {
    await start();
    await berkas.stop();
    const bus = openBus(folder);
    const { topic } = evaluationPrepared;
    const value = new TextEncoder().encode('no event');
    await bus.publish([{ topic, key: 'key', headers: { ce_type: 'x' }, value }]);
    await bus.close();
    await start();

    const letters = await openLetters(READERS.length);
    expect(letters.map(({ group }) => group).sort()).toEqual(READERS);
    for (const { code, attempts } of letters) {
      expect({ code, attempts }).toEqual({ code: 'event_invalid', attempts: 0 });
    }
    const ofEvaluator = letters.find(({ group }) => group === 'cv-evaluator')?.id ?? '';
    expect((await client.deadLetter(ofEvaluator)).event).toBe(
      Buffer.from(value).toString('base64'),
    );
    expect((await client.redrive(ofEvaluator)).action).toBe('event_published_again');
    await eventually(async () => {
      const open = await listed();
      return open.some(({ id, group }) => group === 'cv-evaluator' && id !== ofEvaluator);
    });
    expect((await openLetters(READERS.length)).map(({ group }) => group).sort()).toEqual(READERS);
    const redriven = await deadLetters('redrive', '--all');
    expect(redriven.stderr).toBe('');
    expect(redriven.stdout.match(/ its event is published again/g)).toHaveLength(READERS.length);
    expect(redriven.status).toBe(0);
  });
});

describe('the dead letters of a server', () => {
  it('are for operators alone', async () => {
    await start();
    const refused = await deadLetters('list', '--token', 'not-the-token-of-operators');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/BERKAS_OPERATOR_TOKEN/);
    expect((await berkas.get('/dead-letters')).status).toBe(403);
    expect(await listed()).toEqual([]);
  });
});
