import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, type Client } from '@berkas/cli/client';
import { delay } from '@berkas/service-kit';

const COMMAND = fileURLToPath(new URL('../cli/bin/berkas.js', import.meta.url));

/**
 * As `npm start` has it: a small young generation, so that the buffers of an upload are collected
 * soon after they are written.
 */
const AS_NPM_START = ['--max-semi-space-size=2'];

export type Server = {
  readonly client: Client;
  /** From the start of the process to the line that says it can serve. */
  readonly readyMs: number;
  /** Resident memory of the process now, in bytes. */
  residentBytes(): Promise<number>;
  stop(): Promise<void>;
};

/** The built server as a process of its own, on an empty folder and a free port. */
export async function startServer(environment: Record<string, string> = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'berkas-bench-'));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...AS_NPM_START, COMMAND, 'up'], {
    env: { PATH: process.env['PATH'], PORT: '0', BERKAS_DATA_DIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'close');
  const [line] = (await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    exited.then(() => {
      throw new Error('The server ended before it was ready. Is it built? Run `npm run build`.');
    }),
  ])) as [string];
  const readyMs = performance.now() - startedAt;
  const url = /http:\S+/.exec(line)?.[0];
  if (url === undefined) throw new Error(`No address in: ${line}`);
  return {
    client: createClient(url),
    readyMs,
    residentBytes: () => residentBytes(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = /VmRSS:\s+(\d+) kB/.exec(status)?.[1];
  if (kibibytes === undefined)
    throw new Error('The system does not say how much memory is resident.');
  return Number(kibibytes) * 1024;
}

/** The highest resident memory while `work` goes on, looked at every 10 ms. */
export async function peakResidentBytes(server: Server, work: Promise<unknown>): Promise<number> {
  let peak = await server.residentBytes();
  const ended = work.then(() => 'ended' as const);
  for (;;) {
    if ((await Promise.race([ended, delay(10)])) === 'ended') return peak;
    peak = Math.max(peak, await server.residentBytes());
  }
}

/** Often enough to tell milliseconds apart, seldom enough not to be the load itself. */
const POLL_MS = 5;

/** Milliseconds from `POST /evaluate` to a result; throws with the reason when it failed. */
export async function evaluateMs(
  client: Client,
  cvId: string,
  projectReportId: string,
  jobTitle: string,
): Promise<number> {
  const startedAt = performance.now();
  const { id } = await client.evaluate({
    job_title: jobTitle,
    cv_id: cvId,
    project_report_id: projectReportId,
  });
  await completed(client, id, POLL_MS);
  return performance.now() - startedAt;
}

export async function completed(client: Client, id: string, pollMs: number): Promise<void> {
  for (;;) {
    const response = await client.result(id);
    if (response.status === 'completed') return;
    if (response.status === 'failed') throw new Error(response.error.reason);
    await delay(pollMs);
  }
}

export const JOB = 'Product Engineer (Backend)';
