import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceState, serviceStates } from '@berkas/contracts';
import {
  createLogger,
  type Backlog,
  type Breaker,
  type BreakerState,
  type RetryingEvent,
} from '@berkas/service-kit';
import type { Collection, DocumentStore } from '@berkas/storage';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import { createServiceReport, type ServiceReportOptions } from './service-report.ts';

const T0 = Date.parse('2026-01-02T03:04:05.000Z');
const at = (second: number): string => new Date(T0 + second * 1000).toISOString();
const RETRYING: RetryingEvent = {
  ...{ evaluationId: 'eval_0123456789abcdef01234567', code: 'model_timeout' },
  ...{ attempts: 2, since: at(1) },
};

let storage: TemporaryStorage;
let states: Collection<ServiceState>;
let second: number;
let backlog: Backlog;
let log: Record<string, unknown>[];
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  storage = await createTemporaryStorage();
  states = await storage.documents.collection<ServiceState>(serviceStates);
  second = 0;
  backlog = { events: 0, doneBefore: at(0) };
  log = [];
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await storage.dispose();
});

/** A breaker that is as the test says. */
function createSwitch(name: string) {
  const listeners = new Set<(state: BreakerState) => void>();
  let state: BreakerState = 'closed';
  const breaker: Breaker = {
    name,
    run: (call) => call(),
    state: () => state,
    health: () => ({ status: 'ok', detail: state }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => undefined,
  };
  const become = (next: BreakerState): void => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  return { breaker, become, listeners };
}

const report = (
  service: Partial<ServiceReportOptions['service']> = {},
  options: Partial<ServiceReportOptions> = {},
) => {
  const made = createServiceReport({
    service: { name: 'ingest', backlog: () => Promise.resolve(backlog), ...service },
    breakers: [],
    documents: storage.documents,
    clock: { now: () => new Date(T0 + second * 1000) },
    logger: createLogger({
      level: 'info',
      destination: { write: (line) => void log.push(JSON.parse(line) as (typeof log)[number]) },
    }),
    // Nothing but a change brings the next one.
    everyMs: 3_600_000,
    soonestMs: 1,
    ...options,
  });
  stops.push(() => made.stop());
  return made;
};
/** The only report, once it is as the test waits for. */
async function reported(until: (state: ServiceState) => boolean): Promise<ServiceState> {
  for (;;) {
    const [state] = await states.find();
    if (state !== undefined && until(state)) return ServiceState.parse(state);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('the report of a service', () => {
  it('is there when its start resolves, and gone when its stop does', async () => {
    const made = report({ retrying: () => [RETRYING] });
    await made.start();
    const [state, ...others] = await states.find();
    expect(others).toEqual([]);
    expect(ServiceState.parse(state)).toEqual({
      id: expect.stringMatching(/^ingest\/[0-9a-f]{12}$/),
      service: 'ingest',
      ...{ startedAt: at(0), seenAt: at(0), drainedAt: at(0) },
      ...{ away: [], retrying: [RETRYING], backlog: 0 },
    });
    await made.stop();
    expect(await states.find()).toEqual([]);
  });

  it('comes again and again', async () => {
    await report({}, { everyMs: 2 }).start();
    for (second of [1, 2]) await reported(({ seenAt }) => seenAt === at(second));
  });

  it('says at once what went away, since when, until it has answered again', async () => {
    const { breaker, become, listeners } = createSwitch('language model');
    let retrying: RetryingEvent[] = [];
    const made = report({ retrying: () => retrying }, { breakers: [breaker] });
    await made.start();
    second = 1;
    become('open');
    const { away } = await reported((state) => state.away.length > 0);
    expect(away).toEqual([{ name: 'language model', since: at(1) }]);

    // Nothing waits for how the next try ends: work may be taken up.
    second = 2;
    become('half_open');
    await reported((state) => state.away.length === 0);
    second = 3;
    become('open');
    const again = await reported((state) => state.away.length > 0);
    expect(again.away).toEqual(away);

    retrying = [RETRYING];
    second = 4;
    become('half_open');
    const tried = await reported(({ seenAt }) => seenAt === at(4));
    expect(tried.away).toEqual(away);
    become('closed');
    await reported((state) => state.away.length === 0);
    await made.stop();
    expect(listeners.size).toBe(0);
  });

  it('keeps when it was drained while events wait', async () => {
    const { breaker, become } = createSwitch('MinIO');
    await report({}, { breakers: [breaker] }).start();
    backlog = { events: 7 };
    become('open');
    expect(await reported((state) => state.backlog === 7)).toMatchObject({ drainedAt: at(0) });
  });

  it('counts a log that cannot say how far it is as away', async () => {
    let answers = false;
    const { breaker, become } = createSwitch('MinIO');
    const ask = () => (answers ? Promise.resolve(backlog) : Promise.reject(new Error('no broker')));
    await report({ backlog: ask }, { breakers: [breaker] }).start();
    const first = await reported(({ away }) => away.length > 0);
    expect(first.away).toEqual([{ name: 'event log', since: at(0) }]);
    expect(first.drainedAt).toBeUndefined();
    answers = true;
    become('half_open');
    await reported(({ away }) => away.length === 0);
  });

  it('clears away what was not heard of for ten minutes, and nothing else', async () => {
    const other = { service: 'status', startedAt: at(0), away: [], retrying: [], backlog: 0 };
    await states.put({ ...other, id: 'status/old', seenAt: at(-601) });
    await states.put({ ...other, id: 'status/recent', seenAt: at(-599) });
    await report().start();
    const ids = (await states.find()).map(({ id }) => id.replace(/^ingest.*/, 'its own'));
    expect(ids).toEqual(['its own', 'status/recent']);
  });

  it('harms nothing when it cannot be written, and says so once', async () => {
    let tries = 0;
    const documents: DocumentStore = {
      ...storage.documents,
      collection: (definition) =>
        (tries += 1) > 3
          ? storage.documents.collection(definition)
          : Promise.reject(new Error('disk full')),
    };
    await report({}, { documents, everyMs: 2 }).start();
    await reported(() => true);
    expect(log.map(({ msg }) => msg)).toEqual(['cannot say how it is, and goes on trying']);
  });

  it('keeps neither a start nor a stop when the documents do not answer', async () => {
    const documents: DocumentStore = {
      ...storage.documents,
      collection: () => new Promise(() => undefined),
    };
    const made = report({}, { documents, patienceMs: 1 });
    await made.start();
    await made.stop();
    expect(await states.find()).toEqual([]);
  });
});
