import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cvs, fixturePath, reports } from '../fixtures/index.ts';
import { startBerkasProcess } from './berkas-process.ts';
import { createApi, removeFolder, temporaryFolder } from './berkas-under-test.ts';

const cv = fixturePath(cvs['mid-english'].file);
const report = fixturePath(reports['excellent-english'].file);
/** Long enough that a kill finds evaluations in the middle of a model call. */
const SLOW_MODEL = JSON.stringify({ latencyMs: 1500 });

let folder: string;
const start = (environment: Record<string, string> = {}) =>
  startBerkasProcess({ BERKAS_DATA_DIR: folder, ...environment });

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => removeFolder(folder));

describe('state in one folder', () => {
  it('keeps results over an orderly stop and a restart', async () => {
    const first = await start();
    const { id } = await createApi(first.url).completed(cv, report);
    const before = await createApi(first.url).result(id);
    expect(await first.kill('SIGINT')).toBe(0);

    const second = await start();
    expect(await createApi(second.url).result(id)).toEqual(before);
    expect(await second.kill('SIGTERM')).toBe(0);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'finishes after a restart what was under way at a %s',
    async (signal) => {
      const first = await start({ OFFLINE_MODEL_FAULTS: SLOW_MODEL });
      const api = createApi(first.url);
      const uploaded = await api.upload(cv, report);
      const ids = await Promise.all(Array.from({ length: 5 }, () => api.request(uploaded)));
      await first.kill(signal);

      const second = await start();
      const again = createApi(second.url);
      for (const id of ids)
        expect(await again.ended(id)).toMatchObject({ id, status: 'completed' });
      await second.kill('SIGTERM');
    },
  );

  it('finishes after kill upon kill at any moment, each result the one of an undisturbed run', async () => {
    const undisturbed = await start();
    const expected = await createApi(undisturbed.url).completed(cv, report);
    const uploaded = await createApi(undisturbed.url).upload(cv, report);
    const ids: string[] = [];
    let server = undisturbed;
    for (const aliveMs of [0, 30, 120, 400]) {
      ids.push(await createApi(server.url).request(uploaded));
      await new Promise((resolve) => setTimeout(resolve, aliveMs));
      await server.kill('SIGKILL');
      server = await start();
    }
    for (const id of ids) {
      const ended = await createApi(server.url).ended(id);
      if (ended.status !== 'completed') throw new Error(ended.error.reason);
      expect(ended.result.cv).toEqual(expected.result.cv);
      expect(ended.result.overall_summary).toEqual(expected.result.overall_summary);
    }
    await server.kill('SIGTERM');
  });
});

describe('a start', () => {
  it('names every wrong setting at once and ends with status 2', async () => {
    await expect(
      start({ PORT: 'http', LOG_LEVEL: 'loud', OPENAI_API_KEY: 'sk-none' }),
    ).rejects.toThrow(
      /ended with 2:[\s\S]*PORT[\s\S]*LOG_LEVEL[\s\S]*LLM_MODEL[\s\S]*EMBEDDING_MODEL/,
    );
  });
});
