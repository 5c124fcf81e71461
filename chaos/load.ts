import type { ResultResponse, UploadResponse } from '@berkas/contracts';
import { delay } from '@berkas/service-kit';
import type { Application, Expected } from './applications.ts';
import { Refused, type Client } from './client.ts';
import type { Chance } from './random.ts';

/** An evaluation that was answered with 202, and what it is of. */
export type Accepted = {
  readonly id: string;
  readonly reference: string;
  readonly expected: Expected;
  readonly cvId: string;
  readonly projectReportId: string;
  readonly key: string;
};

export type ClosedResponse = Extract<ResultResponse, { status: 'completed' | 'failed' }>;

export interface Load {
  /** Sends all of them, spread over the time. Resolves when each is accepted, or it was aborted. */
  send(applications: readonly Application[], withinMs: number): Promise<void>;
  /** Asks after what is accepted and not closed yet, until the signal is aborted. */
  watch(signal: AbortSignal): Promise<void>;
  readonly accepted: readonly Accepted[];
  /** How each was first seen closed, by id. */
  readonly closed: ReadonlyMap<string, ClosedResponse>;
  /** What no client should ever see. */
  readonly complaints: readonly string[];
}

/** As a crowd of careful clients: no more at once than that. */
const AT_ONCE = 32;
const ASKED_AT_ONCE = 16;
const TWICE_SHARE = 0.1;
const ASK_EVERY_MS = 1_000;

export function createLoad(deps: {
  readonly client: Client;
  readonly chance: Chance;
  readonly signal: AbortSignal;
}): Load {
  const { client, chance, signal } = deps;
  const accepted: Accepted[] = [];
  const closed = new Map<string, ClosedResponse>();
  const complaints: string[] = [];

  const sendOne = async ({ reference, expected, makeFiles }: Application): Promise<void> => {
    const key = reference.replace(' ', '-');
    const { cv, projectReport } = await makeFiles();
    try {
      const uploaded: UploadResponse = await client.upload(cv, projectReport, key);
      const ids = { cvId: uploaded.cv.id, projectReportId: uploaded.project_report.id };
      const evaluate = () => client.evaluate(ids.cvId, ids.projectReportId, key);
      // Some press the button twice.
      const isTwice = chance.next() < TWICE_SHARE;
      const [{ id }, again] = await Promise.all([evaluate(), isTwice ? evaluate() : undefined]);
      accepted.push({ id, reference, expected, key, ...ids });
      if (again !== undefined && again.id !== id) {
        complaints.push(`${reference}: accepted as ${id} and as ${again.id} under one key`);
      }
    } catch (error) {
      if (!signal.aborted) complaints.push(`${reference}: ${(error as Error).message}`);
    }
  };

  const ask = async (id: string): Promise<void> => {
    try {
      const response = await client.result(id);
      if (response?.status === 'completed' || response?.status === 'failed') {
        closed.set(id, response);
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      complaints.push(error.message);
    }
  };

  return {
    accepted,
    closed,
    complaints,
    send: async (applications, withinMs) => {
      const startedAt = Date.now();
      const waiting = applications.map((application, index) => ({
        application,
        dueAt: startedAt + (index / applications.length) * withinMs,
      }));
      await atMost(AT_ONCE, waiting, async ({ application, dueAt }) => {
        await delay(dueAt - Date.now(), signal);
        if (!signal.aborted) await sendOne(application);
      });
    },
    watch: async (until) => {
      while (!until.aborted) {
        const open = accepted.filter(({ id }) => !closed.has(id));
        await atMost(ASKED_AT_ONCE, open, async ({ id }) => {
          if (!until.aborted) await ask(id);
        });
        await delay(ASK_EVERY_MS, until);
      }
    },
  };
}

/** Does it for each in turn, so many at once. */
export async function atMost<Item>(
  count: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: count }, worker));
}
