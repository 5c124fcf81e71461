import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HealthResponse } from '@berkas/contracts';
import { eventually } from '@berkas/messaging/testing';
import { cvs, fixturePath, reports } from '../fixtures/index.ts';
import { createApi, removeFolder, temporaryFolder } from './berkas-under-test.ts';
import { collectOutput } from './installation.ts';
import { onServers } from './six-processes.ts';

const cv = fixturePath(cvs['mid-english'].file);
const report = fixturePath(reports['excellent-english'].file);

/** A way to have a full disk, without filling that of the machine. */
type Disk = {
  /** What the command is started by, as it is or full from the start. */
  readonly with: (state: 'empty' | 'full' | 'read-only') => readonly string[] | undefined;
  readonly fill: (pid: number, folder: string) => Promise<void>;
  readonly free: (pid: number, folder: string) => Promise<void>;
};

/** No file may grow, nor be written at all: as near to a full disk as any Linux comes without a mount. */
const limited: Disk = {
  with: (state) => ({ empty: [], full: ['prlimit', '--fsize=0:'], 'read-only': undefined })[state],
  fill: (pid) => Promise.resolve(void limitFiles(pid, '0')),
  free: (pid) => Promise.resolve(void limitFiles(pid, 'unlimited')),
};
const limitFiles = (pid: number, bytes: string) =>
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);

/** A small volume that only the process and its descendants see. */
const mounted: Disk = {
  with: (state) => [...PRIVATE_MOUNTS, 'sh', '-c', `${MOUNT[state]} && exec "$@"`, 'sh'],
  fill: async (pid, folder) => {
    const file = await open(fillIn(pid, folder), 'w');
    try {
      for (;;) await file.write(new Uint8Array(4096));
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    } finally {
      await file.close();
    }
  },
  free: (pid, folder) => rm(fillIn(pid, folder)),
};
const fillIn = (pid: number, folder: string) => join(`/proc/${pid}/root`, folder, 'fill');
/** Root may mount; others may in a user namespace of their own, where the system allows it. */
const PRIVATE_MOUNTS = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-Urm'];
const TMPFS = 'mount -t tmpfs -o size=16m tmpfs "$BERKAS_DATA_DIR"';
const MOUNT = {
  empty: TMPFS,
  full: `${TMPFS} && { dd if=/dev/zero of="$BERKAS_DATA_DIR/fill" bs=4k 2>&-; true; }`,
  'read-only': `${TMPFS} && mount -o remount,ro "$BERKAS_DATA_DIR"`,
};

/** Why this machine cannot have such a disk, if it cannot. */
function whyNot(command: readonly string[]): string | undefined {
  if (onServers) return 'nothing is kept in a folder here';
  try {
    const [program = '', ...parameters] = command;
    execFileSync(program, parameters, {
      stdio: 'pipe',
      env: { ...process.env, BERKAS_DATA_DIR: '/mnt' },
    });
    return undefined;
  } catch (error) {
    return String(error);
  }
}

const MAIN = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

describe.each([
  ['of files that may not grow', limited, ['prlimit', '--fsize=0:', 'true']],
  ['of a small volume', mounted, [...PRIVATE_MOUNTS, 'sh', '-c', TMPFS]],
] as const)('a disk %s', (name, disk, trial) => {
  const reason = whyNot(trial);
  if (reason !== undefined) {
    process.stderr.write(`Not tried: a disk ${name}, since ${reason}\n`);
    it.skip(`is not tried: ${reason}`, () => undefined);
    return;
  }

  let folder: string;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await removeFolder(folder);
  });

  const start = (state: 'empty' | 'full' | 'read-only') => {
    const node = [process.execPath, '--import', TSX, '--conditions', 'source', MAIN, 'up'];
    const [program = '', ...parameters] = [...(disk.with(state) ?? []), ...node];
    const started = spawn(program, parameters, {
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        BERKAS_DATA_DIR: folder,
        // Long enough that the disk is full before the first evaluation is completed.
        OFFLINE_MODEL_FAULTS: JSON.stringify({ latencyMs: 300 }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    return { child: started, pid: started.pid ?? 0, output: collectOutput(started) };
  };

  const states = (['full', 'read-only'] as const).filter((state) => disk.with(state) !== undefined);
  it.each(states)('that is %s at the start is told in words', async (state) => {
    const { child: started, output } = start(state);
    expect(await once(started, 'close')).toEqual([1, null]);
    expect(output.stderr).toMatch(
      state === 'full' ? /full: free some space.*BERKAS_DATA_DIR/ : /read-only.*BERKAS_DATA_DIR/,
    );
    expect(output.stderr).not.toMatch(/^ +at /m);
  });

  it('that fills up loses nothing that was accepted, says why it waits, and goes on by itself', async () => {
    const { pid, output } = start('empty');
    await eventually(() => output.stdout.includes('ready at'));
    const api = createApi(/ready at (\S+)/.exec(output.stdout)?.[1] ?? '');
    const uploaded = await api.upload(cv, report);
    const ids = [await api.request(uploaded), await api.request(uploaded)];
    await disk.fill(pid, folder);

    const refused = await api.uploadFiles(cv, report);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await eventually(async () => {
      await api.uploadFiles(cv, report);
      const { status, checks } = HealthResponse.parse(await (await api.get('/readyz')).json());
      return status === 'degraded' && /disk is full/.test(JSON.stringify(checks));
    });
    for (const id of ids) expect((await api.result(id)).status).toMatch(/queued|processing/);

    await disk.free(pid, folder);
    for (const id of ids) expect(await api.ended(id)).toMatchObject({ id, status: 'completed' });
    await eventually(async () => (await api.uploadFiles(cv, report)).status === 201);
  });
});
