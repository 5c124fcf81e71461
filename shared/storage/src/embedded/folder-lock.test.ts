import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from './folder-lock.ts';

describe('The lock of a data folder', () => {
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'berkas-lock-'));
    folder = join(parent, 'data');
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const refusal = (code: string, message: RegExp) =>
    expect.objectContaining({ code, message: expect.stringMatching(message) });

  it('makes the folder, keeps others out until it is released, and leaves nothing else there', async () => {
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(
      refusal('storage_in_use', /in use by another Berkas.*BERKAS_DATA_DIR/),
    );
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('probe'));
    lock.release();
    lock.release();
    lockFolder(folder).release();
  });

  it('tells a folder that cannot be one from one that is in use', async () => {
    await writeFile(folder, 'a file');
    expect(() => lockFolder(folder)).toThrow(
      refusal('storage_unusable', /cannot be the data folder: .*EEXIST.*BERKAS_DATA_DIR/),
    );
    expect(() => lockFolder(join(folder, 'below'))).toThrow(refusal('storage_unusable', /ENOTDIR/));
  });

  it('tells a lock file that cannot be opened from one that is locked', async () => {
    await mkdir(join(folder, 'lock.db'), { recursive: true });
    expect(() => lockFolder(folder)).toThrow(
      refusal('storage_unusable', /cannot be the data folder.*unable to open/i),
    );
    await rm(join(folder, 'lock.db'), { recursive: true });
    await writeFile(join(folder, 'lock.db'), 'Dear reader, '.repeat(500));
    expect(() => lockFolder(folder)).toThrow(
      refusal('storage_unusable', /SQLITE_NOTADB.*BERKAS_DATA_DIR/),
    );
  });
});
