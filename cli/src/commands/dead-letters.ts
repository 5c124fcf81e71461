import type { DeadLetterState, DeadLetterSummary, RedriveResponse } from '@berkas/contracts';
import { parseConfig, type Clock } from '@berkas/service-kit';
import { ApiError, createClient, type Client } from '../client.ts';
import { OperatorVariables } from '../config.ts';
import { describeDone, renderLetter, renderList } from '../dead-letters/render.ts';
import { EXIT, Interrupted, UsageError } from '../exit.ts';
import { readServerFile } from '../server-file.ts';

/** Which server, and what lets operators in there. */
export type OperatorOptions = {
  server: string | undefined;
  token: string | undefined;
};

type Io = {
  environment: Readonly<Record<string, string | undefined>>;
  stdout: NodeJS.WritableStream & { columns?: number };
  stderr: NodeJS.WritableStream;
  clock: Clock;
  /** Resolves when the process is asked to stop. */
  stopRequested: Promise<NodeJS.Signals>;
};

/** `berkas dead-letters list`. Answers the exit status. */
export const listDeadLetters = (
  options: OperatorOptions & { state: DeadLetterState; json: boolean },
  io: Io,
): Promise<number> =>
  asOperator(options, io, async (client) => {
    const letters = await allLetters(client, options.state);
    if (options.json) print(io, JSON.stringify(letters, null, 2));
    else if (letters.length === 0) print(io, `No dead letter is ${options.state}.`);
    else print(io, renderList(letters, { columns: io.stdout.columns ?? 0, nowMs: nowMs(io) }));
    return EXIT.ok;
  });

/** `berkas dead-letters show`. Answers the exit status. */
export const showDeadLetter = (
  options: OperatorOptions & { id: string; json: boolean },
  io: Io,
): Promise<number> =>
  asOperator(options, io, async (client) => {
    const letter = await client.deadLetter(options.id);
    const asJson = (): string => JSON.stringify(letter, null, 2);
    print(io, options.json ? asJson() : renderLetter(letter, { nowMs: nowMs(io) }));
    return EXIT.ok;
  });

/**
 * `berkas dead-letters redrive`: those named, or all that are open now. Goes on past one that cannot
 * be redriven. Answers the exit status: 1 when there was one.
 */
export async function redriveDeadLetters(
  options: OperatorOptions & { ids: readonly string[]; all: boolean },
  io: Io,
): Promise<number> {
  if (options.all === options.ids.length > 0) {
    throw new UsageError('Name the dead letters to redrive, or give --all, and not both.');
  }
  return asOperator(options, io, async (client) => {
    // All of them before the first: what fails again makes new ones.
    const open = options.all ? await allLetters(client, 'open') : [];
    if (options.all && open.length === 0) print(io, 'No dead letter is open.');
    return decideEach(options.all ? open.map(({ id }) => id) : options.ids, 'redrive', client, io);
  });
}

/** `berkas dead-letters drop`. Answers the exit status: 1 when one could not be dropped. */
export const dropDeadLetters = (
  options: OperatorOptions & { ids: readonly string[] },
  io: Io,
): Promise<number> =>
  asOperator(options, io, (client) => decideEach(options.ids, 'drop', client, io));

async function decideEach(
  ids: readonly string[],
  decision: 'redrive' | 'drop',
  client: Client,
  io: Io,
): Promise<number> {
  const reopened = new Set<string>();
  let status: number = EXIT.ok;
  for (const id of new Set(ids)) {
    try {
      const done: RedriveResponse = await client[decision](id);
      if (done.evaluation_id !== undefined) reopened.add(done.evaluation_id);
      print(io, describeDone(done, decision));
    } catch (error) {
      if (!(error instanceof ApiError) || error.code === 'operator_only') throw error;
      const together = decision === 'redrive' && (await wentWith(reopened, id, error, client));
      if (together) print(io, `${id} redriven with its evaluation`);
      else {
        io.stderr.write(`${id}: ${error.message} (${error.code})\n`);
        status = EXIT.failed;
      }
    }
  }
  return status;
}

/** All letters of an evaluation are redriven with the first of them. */
async function wentWith(
  reopened: ReadonlySet<string>,
  id: string,
  error: ApiError,
  client: Client,
): Promise<boolean> {
  if (error.code !== 'dead_letter_settled' || reopened.size === 0) return false;
  const { state, evaluationId } = await client.deadLetter(id);
  return state === 'redriven' && evaluationId !== undefined && reopened.has(evaluationId);
}

async function allLetters(client: Client, state: DeadLetterState): Promise<DeadLetterSummary[]> {
  const letters: DeadLetterSummary[] = [];
  let after: string | undefined;
  do {
    const page = await client.deadLetters(state, after);
    letters.push(...page.dead_letters);
    after = page.next;
  } while (after !== undefined);
  return letters;
}

/** Finds the server; what it refuses of the command as a whole was asked for wrongly. */
async function asOperator(
  options: OperatorOptions,
  io: Io,
  work: (client: Client) => Promise<number>,
): Promise<number> {
  const stopping = new AbortController();
  void io.stopRequested.then(() => stopping.abort());
  const { url, token } = await findServer(options, io);
  try {
    return await work(createClient(url, stopping.signal, token));
  } catch (error) {
    if (stopping.signal.aborted) {
      throw new Interrupted('Stopped. What was decided on so far is done; repeat it for the rest.');
    }
    if (error instanceof ApiError && error.problem.status < 500) {
      throw new UsageError(error.message);
    }
    throw error;
  }
}

/** The server that was named, or the one on the data folder. */
async function findServer(
  options: OperatorOptions,
  io: Io,
): Promise<{ url: string; token: string | undefined }> {
  const variables = parseConfig(OperatorVariables, io.environment);
  const named = options.server ?? variables.BERKAS_URL;
  if (named !== undefined && !URL.canParse(named)) {
    throw new UsageError(`${named} is not an address. It looks like http://127.0.0.1:8080.`);
  }
  const running = await readServerFile(variables.BERKAS_DATA_DIR);
  const url = named ?? running?.url;
  if (url === undefined) {
    throw new UsageError(
      `No server runs on ${variables.BERKAS_DATA_DIR}. Start one with "berkas up", or name another with --server.`,
    );
  }
  // A token is for the server that made it, and is shown to no other.
  const isOwner = running !== undefined && new URL(running.url).href === new URL(url).href;
  const ofServer = isOwner ? running.token : undefined;
  return { url, token: options.token ?? variables.BERKAS_OPERATOR_TOKEN ?? ofServer };
}

const print = (io: Io, text: string): void => void io.stdout.write(`${text}\n`);
const nowMs = (io: Io): number => io.clock.now().getTime();
