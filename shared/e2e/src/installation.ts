import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type Environment = Readonly<Record<string, string>>;

export const SERVICES = [
  'gateway',
  'ingest',
  'cv-evaluator',
  'project-evaluator',
  'synthesizer',
  'status',
] as const;
export type ServiceName = (typeof SERVICES)[number];

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const COMMAND = file('cli/bin/berkas.js');
/** The program of a service, as it is built. */
export const entryOf = (service: ServiceName): string => file(`services/${service}/dist/main.js`);

/** What both streams of a process have said so far. */
export type Output = { stdout: string; stderr: string };

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly output: Output;
  /** Sends the signal and waits for the end. Answers the exit status, null after a kill. */
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Starts a built program and waits until it says that it is ready, as the pattern finds it. */
export async function startProcess(
  name: string,
  parameters: readonly string[],
  environment: Environment,
  readyPattern: RegExp,
): Promise<RunningProcess & { readonly ready: RegExpExecArray }> {
  const child = spawn(process.execPath, parameters, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collectOutput(child);
  endWithThisProcess(child);
  const exited = once(child, 'close') as Promise<[number | null]>;
  const ready = await Promise.race([
    new Promise<RegExpExecArray>((resolve) => {
      const look = (): void => {
        const found = readyPattern.exec(`${output.stdout}${output.stderr}`);
        if (found !== null) resolve(found);
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
    }),
    exited.then(([status]): never => {
      throw new ProcessEnded(name, status, output);
    }),
  ]);
  return {
    name,
    pid: child.pid ?? 0,
    output,
    ready,
    kill: async (signal) => {
      child.kill(signal);
      return (await exited)[0];
    },
  };
}

/** A test that fails leaves nothing running: what it started ends with it at the latest. */
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

function endWithThisProcess(child: ChildProcess): void {
  running.add(child);
  child.once('close', () => running.delete(child));
}

export class ProcessEnded extends Error {
  readonly status: number | null;

  constructor(name: string, status: number | null, output: Output) {
    super(`${name} ended with ${String(status)}:\n${output.stderr}`);
    this.status = status;
  }
}

export function collectOutput(child: ChildProcess): Output {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return output;
}

/** The offline model as a process, and the variables by which services use it. */
export async function startModel(
  environment: Environment,
): Promise<RunningProcess & { readonly variables: Environment }> {
  const started = await startProcess(
    'berkas model',
    [COMMAND, 'model'],
    { PORT: '0', ...environment },
    /(OPENAI_BASE_URL)=(\S+) (LLM_MODEL)=(\S+) (EMBEDDING_MODEL)=(\S+)/,
  );
  const [, ...words] = started.ready;
  const variables: Record<string, string> = {};
  for (let at = 0; at < words.length; at += 2) variables[words[at] ?? ''] = words[at + 1] ?? '';
  return { ...started, variables };
}

/** `berkas setup`, to its end. */
export async function setUpServers(environment: Environment): Promise<Output> {
  const child = spawn(process.execPath, [COMMAND, 'setup'], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collectOutput(child);
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new ProcessEnded('berkas setup', status, output);
  return output;
}

/** One service as a process, on a free port. */
export const startService = (
  service: ServiceName,
  environment: Environment,
): Promise<RunningProcess & { readonly ready: RegExpExecArray }> =>
  startProcess(
    service,
    [entryOf(service)],
    { PORT: '0', ...environment },
    // The gateway says where it listens; the others when they read.
    service === 'gateway' ? /"url":"(http:[^"]+)"/ : /"msg":"\S+ is ready"/,
  );

export interface Installation {
  /** Of the gateway. */
  readonly url: string;
  /** By service, as many as were asked for. */
  readonly processes: ReadonlyMap<ServiceName, readonly RunningProcess[]>;
  /** Sends it to every process at once. Answers the first exit status that is not 0. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * The six services, each as a process of its own (or several), on servers that are set up. When one
 * cannot start all are ended, and the error holds what each of those that ended said.
 */
export async function startInstallation(
  environment: Environment,
  replicas: Partial<Record<ServiceName, number>> = {},
): Promise<Installation> {
  const starting = SERVICES.flatMap((service) =>
    Array.from({ length: replicas[service] ?? 1 }, () => ({
      service,
      process: startService(service, environment),
    })),
  );
  const outcomes = await Promise.allSettled(
    starting.map(async ({ service, process }) => ({ service, process: await process })),
  );
  const started = outcomes.flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  );
  const errors = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as Error] : [],
  );
  const kill = async (signal: NodeJS.Signals): Promise<number | null> => {
    const statuses = await Promise.all(started.map(({ process }) => process.kill(signal)));
    return statuses.every((status) => status === 0)
      ? 0
      : (statuses.find((status) => status !== 0 && status !== null) ?? null);
  };
  const gateway = started.find(({ service }) => service === 'gateway');
  if (errors.length > 0 || gateway === undefined) {
    await kill('SIGKILL');
    throw new Error(errors.map(({ message }) => message).join('\n'));
  }
  const of = (name: ServiceName) =>
    started.filter(({ service }) => service === name).map(({ process }) => process);
  return {
    url: gateway.process.ready[1] ?? '',
    processes: new Map(SERVICES.map((service) => [service, of(service)])),
    kill,
  };
}
