import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createLogger, delay, parseConfig } from '@berkas/service-kit';
import { createBerkas } from '../berkas.ts';
import { ApiError, createClient, type Client } from '../client.ts';
import { Variables } from '../config.ts';
import { createProgress, type Progress } from '../screen/progress.ts';
import { renderResult } from '../screen/render.ts';
import { screen } from '../screen/screen.ts';
import { readServerFile } from '../server-file.ts';
import { EXIT, Interrupted, UsageError } from '../exit.ts';

export type ScreenOptions = {
  cvPath: string;
  projectReportPath: string;
  jobTitle: string | undefined;
  serverUrl: string | undefined;
  json: boolean;
};

type Io = {
  environment: Readonly<Record<string, string | undefined>>;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Resolves when the process is asked to stop. */
  stopRequested: Promise<NodeJS.Signals>;
};

type Server = { client: Client; isOwn: boolean; stop: () => Promise<void> };

/** `berkas screen`: results go to standard output, all else to standard error. Answers the exit status. */
export async function screenCommand(options: ScreenOptions, io: Io): Promise<number> {
  const cv = await openFile(options.cvPath);
  const projectReport = await openFile(options.projectReportPath);
  const progress = createProgress(io.stderr);
  const stopping = new AbortController();
  void io.stopRequested.then(() => {
    stopping.abort();
  });
  let server: Server | undefined;
  try {
    server = await findServer(options, io, progress, stopping.signal);
    const jobTitle = options.jobTitle ?? (await onlyJob(server.client));
    const { client } = server;
    const sleep = (ms: number): Promise<void> => delay(ms, stopping.signal);
    const response = await screen({ client, cv, projectReport, jobTitle, progress, sleep });
    if (options.json) io.stdout.write(`${JSON.stringify(response, null, 2)}\n`);
    else if (response.status === 'completed') {
      io.stdout.write(`\n${renderResult(response.result, columnsOf(io.stdout))}\n`);
    } else io.stderr.write(`${response.error.reason} (${response.error.code})\n`);
    return response.status === 'completed' ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (stopping.signal.aborted) throw interrupted(server);
    // What the API refuses was asked for wrongly: another file, another title.
    if (error instanceof ApiError && error.problem.status < 500)
      throw new UsageError(error.message);
    throw error;
  } finally {
    progress.stop();
    await server?.stop();
  }
}

const interrupted = (server: Server | undefined): Interrupted =>
  new Interrupted(
    server === undefined || server.isOwn
      ? 'Stopped. What was accepted is kept, and goes on when Berkas runs on this data folder again.'
      : `Stopped waiting. What was accepted goes on at ${server.client.url}.`,
  );

/** Of the terminal; a file or pipe has none. */
const columnsOf = (stream: { columns?: number }): number => stream.columns ?? 100;

async function openFile(path: string): Promise<File> {
  try {
    if (!(await stat(path)).isFile()) throw new UsageError(`${path} is not a file.`);
    return new File([await readFile(path)], basename(path), { type: 'application/pdf' });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read. Check the path and its permissions.`);
  }
}

async function onlyJob(client: Client): Promise<string> {
  const { jobs } = await client.jobs();
  const [first, ...others] = jobs;
  if (first !== undefined && others.length === 0) return first.title;
  const titles = jobs.map(({ title }) => `  ${title}`).join('\n');
  throw new UsageError(`Say which job with --job. The known ones are:\n${titles}`);
}

/** The server that was named, or one that runs on the data folder, or one for this call. */
async function findServer(
  { serverUrl }: ScreenOptions,
  io: Io,
  progress: Progress,
  signal: AbortSignal,
): Promise<Server> {
  const named = serverUrl ?? io.environment.BERKAS_URL;
  if (named !== undefined && !URL.canParse(named)) {
    throw new UsageError(`${named} is not an address. It looks like http://127.0.0.1:8080.`);
  }
  const variables = parseConfig(Variables, io.environment);
  const running = named ?? (await readServerFile(variables.BERKAS_DATA_DIR))?.url;
  if (named !== undefined || (running !== undefined && (await answers(running)))) {
    const client = createClient(named ?? running ?? '', signal);
    progress.step(`Using the server at ${client.url}`);
    return { client, isOwn: false, stop: () => Promise.resolve() };
  }
  progress.step('Starting Berkas for this call');
  const logger = createLogger({ level: variables.LOG_LEVEL });
  const berkas = createBerkas({ ...variables, PORT: 0 }, { logger });
  signal.addEventListener('abort', () => void berkas.stop(), { once: true });
  const { url } = await berkas.start();
  return { client: createClient(url, signal), isOwn: true, stop: () => berkas.stop() };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
