import { execFile } from 'node:child_process';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Environment } from './system.ts';

/** Real servers on this machine, three brokers among them, by the script that starts them. */
export interface Servers {
  /** Their addresses, as services and Toxiproxy's users need them. */
  readonly addresses: Environment;
  run(command: 'kill' | 'pause' | 'resume' | 'start', name: string): Promise<void>;
  /** Stops them and deletes what they kept, unless they ran before. */
  leave(): Promise<void>;
}

export const BROKERS = ['kafka-1', 'kafka-2', 'kafka-3'] as const;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const execute = promisify(execFile);

/** Starts what does not run yet. `BERKAS_STACK` names the script, `STACK_PORT` the first port. */
export async function startServers(): Promise<Servers> {
  const script = resolve(ROOT, process.env['BERKAS_STACK'] ?? '../shared/stack/stack');
  const env = {
    ...process.env,
    STACK_HOME: process.env['STACK_HOME'] ?? join(homedir(), '.cache/screening-stack'),
    // A stack of its own: what else runs beside it is left alone.
    STACK_DATA: process.env['STACK_DATA'] ?? join(tmpdir(), 'berkas-chaos-stack'),
    STACK_PORT: process.env['STACK_PORT'] ?? '22000',
    STACK_KAFKA_NODES: String(BROKERS.length),
  };
  const run = async (...parameters: string[]): Promise<string> =>
    (await execute('bash', [script, ...parameters], { env })).stdout;
  const didRun = !(await run('status')).includes('stopped');
  try {
    const exports = await run('up');
    const addresses = [...exports.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    return {
      addresses: Object.fromEntries(addresses) as Environment,
      run: async (command, name) => {
        await run(command, name);
      },
      leave: async () => {
        if (!didRun) await run('wipe');
      },
    };
  } catch (error) {
    if (!didRun) await run('wipe');
    throw error;
  }
}
