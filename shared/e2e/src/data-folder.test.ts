import { expect, it } from '@jest/globals';
import { startBerkasProcess } from './berkas-process.ts';
import { removeFolder, temporaryFolder } from './berkas-under-test.ts';

it('refuses a data folder that another server has, and says what to do', async () => {
  const folder = await temporaryFolder();
  const start = () => startBerkasProcess({ BERKAS_DATA_DIR: folder });
  const first = await start();
  await expect(start()).rejects.toThrow(/in use by another Berkas.*BERKAS_DATA_DIR/s);
  await first.kill('SIGTERM');
  await removeFolder(folder);
});
