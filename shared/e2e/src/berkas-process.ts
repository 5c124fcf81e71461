import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Environment } from './berkas-under-test.ts';

const MAIN = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export type Finished = { status: number | null; stdout: string; stderr: string };

function spawnBerkas(parameters: readonly string[], environment: Environment): ChildProcess {
  return spawn(process.execPath, ['--import', TSX, '--conditions', 'source', MAIN, ...parameters], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the command line to its end, as a person at a prompt would (but for the terminal). */
export async function runBerkas(
  parameters: readonly string[],
  environment: Environment,
): Promise<Finished> {
  const child = spawnBerkas(parameters, environment);
  const output = collect(child);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...output };
}

/** `berkas up` as a process of its own, once it has said where it listens. */
export async function startBerkasProcess(environment: Environment) {
  const child = spawnBerkas(['up'], { PORT: '0', ...environment });
  const output = collect(child);
  const exited = once(child, 'close') as Promise<[number | null]>;
  const url = await Promise.race([
    new Promise<string>((resolve) => {
      child.stdout?.on('data', () => {
        const address = /ready at (http:\S+)/.exec(output.stdout)?.[1];
        if (address !== undefined) resolve(address);
      });
    }),
    exited.then(([status]): never => {
      throw new Error(`berkas up ended with ${String(status)}:\n${output.stderr}`);
    }),
  ]);
  return {
    url,
    output,
    kill: async (signal: NodeJS.Signals): Promise<number | null> => {
      child.kill(signal);
      const [status] = await exited;
      return status;
    },
  };
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return output;
}
