import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { collectOutput, startProcess, type Environment, type Output } from './installation.ts';
import { commandVariables, onServers, startOnServers } from './six-processes.ts';

const MAIN = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const FROM_SOURCE = ['--import', TSX, '--conditions', 'source', MAIN];

export type Finished = Output & { status: number | null };

/** Runs the command line to its end, as a person at a prompt would (but for the terminal). */
export async function runBerkas(
  parameters: readonly string[],
  environment: Environment,
): Promise<Finished> {
  const variables = onServers ? await commandVariables(environment) : environment;
  const child = spawn(process.execPath, [...FROM_SOURCE, ...parameters], {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collectOutput(child);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...output };
}

/**
 * `berkas up` as a process of its own, once it has said where it listens; in the integration run the
 * six services as processes, ended together.
 */
export async function startBerkasProcess(environment: Environment): Promise<{
  url: string;
  kill: (signal: NodeJS.Signals) => Promise<number | null>;
}> {
  if (onServers) return startOnServers(environment['BERKAS_DATA_DIR'] ?? '', environment);
  const { ready, kill } = await startProcess(
    'berkas up',
    [...FROM_SOURCE, 'up'],
    { PORT: '0', ...environment },
    /ready at (http:\S+)/,
  );
  return { url: ready[1] ?? '', kill };
}
