import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createManagedProcess, freePort } from './managed-process.ts';
import { openKept } from './open-kept.ts';
import type { FaultChoice } from './schedule.ts';
import type { StartSystem, System } from './system.ts';

const COMMAND = fileURLToPath(new URL('../cli/bin/berkas.js', import.meta.url));

const choices: readonly FaultChoice[] = (
  [
    ['kill', [0.2, 2]],
    ['kill', [0.2, 2]],
    ['pause', [1, 8]],
    ['terminate', [0.2, 2]],
  ] as const
).map(([kind, lasts]) => ({ kind, lasts, target: 'berkas', group: 'berkas' }));

/** `berkas up` as one process on a folder of its own. */
export const startEmbedded: StartSystem = async ({ environment, folder }) => {
  const dataFolder = join(folder, 'data');
  await mkdir(dataFolder, { recursive: true });
  const berkas = createManagedProcess({
    name: 'berkas',
    parameters: ['--max-semi-space-size=2', COMMAND, 'up'],
    environment: { BERKAS_DATA_DIR: dataFolder, LOG_LEVEL: 'info', ...environment },
    port: await freePort(),
    logPath: join(folder, 'berkas.log'),
  });
  await berkas.start();
  await berkas.ready();

  const inject: System['inject'] = async ({ kind }) => {
    if (kind === 'pause') {
      berkas.send('SIGSTOP');
      return () => berkas.send('SIGCONT');
    }
    await berkas.end(kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
    return () => berkas.start();
  };

  return {
    urls: [berkas.url],
    choices,
    inject,
    stop: () => berkas.end('SIGTERM'),
    complaints: () => berkas.complaints,
    open: () => openKept(environment, { embeddedFolder: dataFolder }),
    blobKeys: async () => {
      const root = join(dataFolder, 'blobs', 'objects');
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    },
    remove: () => rm(dataFolder, { recursive: true, force: true }),
  };
};
