import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { prepareDataFolder } from './data-folder.ts';

describe('The data folder', () => {
  let ground: string;
  beforeEach(async () => {
    ground = await mkdtemp(join(tmpdir(), 'berkas-data-'));
  });
  afterEach(() => rm(ground, { recursive: true, force: true }));

  it('is made with those above it, and may be there already', async () => {
    const folder = join(ground, 'a', 'b');
    await prepareDataFolder(folder);
    await prepareDataFolder(folder);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  it.each([
    ['is a file', 'file'],
    ['is below a file', 'file/below'],
  ])('that %s is refused, and the message names the variable to change', async (_case, path) => {
    await writeFile(join(ground, 'file'), '');
    await expect(prepareDataFolder(join(ground, path))).rejects.toMatchObject({
      code: 'data_folder_unusable',
      message: expect.stringContaining('Set BERKAS_DATA_DIR'),
    });
  });
});
