import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@berkas/cli/client';
import { startProcess } from '@berkas/e2e/installation';
import { residentBytes, type Server, type StartOptions } from './server.ts';

const COMMAND = fileURLToPath(new URL('../cli/bin/berkas.js', import.meta.url));

/**
 * As `npm start` has it: a small young generation, so that the buffers of an upload are collected
 * soon after they are written.
 */
const AS_NPM_START = ['--max-semi-space-size=2'];

/** The built server as a process of its own, on an empty folder and a free port. */
export async function startEmbedded({ environment = {} }: StartOptions = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'berkas-bench-'));
  const startedAt = performance.now();
  const { ready, pid, kill } = await startProcess(
    'berkas up',
    [...AS_NPM_START, COMMAND, 'up'],
    { PORT: '0', BERKAS_DATA_DIR: folder, ...environment },
    /ready at (http:\S+)/,
  );
  return {
    client: createClient(ready[1] ?? ''),
    readyMs: performance.now() - startedAt,
    residentBytes: () => residentBytes(pid),
    stop: async () => {
      await kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
