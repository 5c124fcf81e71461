import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readServerFile, removeServerFile, writeServerFile } from './server-file.ts';

const SERVER = { url: 'http://127.0.0.1:8080', token: 'a-token-of-the-tests' };

describe('The file of the server', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berkas-server-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('says where it listens and what lets operators in, until it is removed', async () => {
    await writeServerFile(folder, SERVER);
    expect(await readServerFile(folder)).toEqual(SERVER);
    await removeServerFile(folder);
    expect(await readServerFile(folder)).toBeUndefined();
  });

  it('is for its user alone, also where one that anyone could read was left behind', async () => {
    await writeFile(join(folder, 'server.json'), '{}', { mode: 0o644 });
    await writeServerFile(folder, SERVER);
    expect((await stat(join(folder, 'server.json'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['server.json']);
  });

  it.each(['', '{', '{"url": 1}', '{"url": "nowhere"}'])(
    'tells nothing when it is %j',
    async (text) => {
      await writeFile(join(folder, 'server.json'), text);
      expect(await readServerFile(folder)).toBeUndefined();
    },
  );
});
