import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  readModelCollections,
  serviceStates,
  viewId,
  WORKERS,
  type DocumentView,
  type EvaluationView,
  type OutgoingEvent,
  type ServiceState,
} from '@berkas/contracts';
import { createLogger } from '@berkas/service-kit';
import type { CollectionDefinition, StoredDocument } from '@berkas/storage';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import { collections } from '../collections.ts';
import type { DocumentRecord, EvaluationRecord } from '../domain/records.ts';
import { createStuckWork, type StuckWorkDeps } from './stuck-work.ts';

const T0 = Date.parse('2025-01-15T09:30:00.000Z');
const at = (second: number): string => new Date(T0 + second * 1000).toISOString();
const reference = { id: 'x', version: '1' };
const idOf = (number: number): string => `eval_${String(number).padStart(24, '0')}`;
const recordOf = (number: number, changed: Partial<EvaluationRecord> = {}): EvaluationRecord => ({
  id: idOf(number),
  state: 'published',
  jobTitle: 'Backend',
  cvId: `doc_${'1'.repeat(24)}`,
  projectReportId: `doc_${'2'.repeat(24)}`,
  knowledge: { job: reference, brief: reference, cv_rubric: reference, project_rubric: reference },
  requestedAt: at(0),
  ...changed,
});
const endedView = (number: number): EvaluationView => ({
  ...{ id: viewId(idOf(number), 'live'), evaluationId: idOf(number), run: 'live' },
  closed: {
    at: at(20),
    outcome: 'failed',
    failure: { code: 'internal_error', stage: 'reading' },
  },
});

let storage: TemporaryStorage;
let deps: StuckWorkDeps;
let second: number;
let published: OutgoingEvent[];
let looks: string[];
let log: Record<string, unknown>[];
let sweep: () => Promise<void>;

beforeEach(async () => {
  storage = await createTemporaryStorage();
  second = 1000;
  published = [];
  looks = [];
  log = [];
  const open = <Document extends StoredDocument>(definition: CollectionDefinition<Document>) =>
    storage.documents.collection(definition);
  const evaluationViews = await open<EvaluationView>(readModelCollections.evaluations);
  deps = {
    evaluations: await open<EvaluationRecord>(collections.evaluations),
    documents: await open<DocumentRecord>(collections.documents),
    evaluationViews: {
      ...evaluationViews,
      get: (id) => {
        looks.push(id);
        return evaluationViews.get(id);
      },
    },
    documentViews: await open<DocumentView>(readModelCollections.documents),
    serviceStates: await open<ServiceState>(serviceStates),
    publish: (events) => {
      published.push(...events);
      return Promise.resolve();
    },
    clock: { now: () => new Date(T0 + second * 1000) },
    logger: createLogger({
      level: 'warn',
      destination: { write: (line) => void log.push(JSON.parse(line) as (typeof log)[number]) },
    }),
    stuckAfterMs: 120_000,
  };
  const stuckWork = createStuckWork(deps);
  sweep = () => stuckWork.sweep();
  await workersAreDone();
});
afterEach(() => storage.dispose());

/** Every worker says that it is done with all there was until now. */
async function workersAreDone(changed: Partial<ServiceState> = {}): Promise<void> {
  for (const service of WORKERS) {
    await deps.serviceStates.put({
      ...{ id: `${service}/1`, service, startedAt: at(0), seenAt: at(second) },
      ...{ away: [], retrying: [], backlog: 0, drainedAt: at(second) },
      ...changed,
    });
  }
}
/** As time passes in which nothing happens. */
async function sweepLater(seconds = 30): Promise<void> {
  second += seconds;
  await workersAreDone();
  await sweep();
}
const publishedIds = (): string[] => published.splice(0).map(({ event }) => event.id);
const stateOf = async (number: number) => (await deps.evaluations.get(idOf(number)))?.state;

describe('the sweep for stuck work', () => {
  it('publishes again what it finds twice, with its documents, and says so', async () => {
    const { cvId } = recordOf(1);
    const cv = { id: cvId, kind: 'cv', filename: 'a.pdf', bytes: 1 } as const;
    await deps.documents.put({ ...cv, sha256: 'a'.repeat(64), uploadedAt: at(0) });
    await deps.evaluations.put(recordOf(1));
    await sweep();
    expect(published).toEqual([]);
    await sweepLater();
    expect(publishedIds()).toEqual([
      `document-uploaded.v1:${cvId}`,
      `evaluation-requested.v1:${idOf(1)}`,
    ]);
    expect(log).toMatchObject([{ level: 40, evaluations: [idOf(1)] }]);
  });

  it('leaves it alone for longer and longer when that does not help', async () => {
    await deps.evaluations.put(recordOf(1));
    await sweep();
    const redrivenAt: number[] = [];
    for (const until = second + 1000; second < until;) {
      await sweepLater();
      if (publishedIds().length > 0) redrivenAt.push(second);
    }
    expect(redrivenAt).toEqual([1030, 1180, 1450, 1960]);
  });

  it.each([
    ['waits for a server', { away: [{ name: 'MinIO', since: at(900) }] }],
    ['has a backlog from before', { backlog: 7, drainedAt: at(10) }],
    [
      'tries it again',
      { retrying: [{ evaluationId: idOf(1), code: 'away', attempts: 3, since: at(900) }] },
    ],
    ['is gone', { seenAt: at(0) }],
  ])('leaves it alone while a worker %s', async (_what, said) => {
    await deps.evaluations.put(recordOf(1));
    for (let sweeps = 0; sweeps < 5; sweeps += 1) {
      second += 30;
      await workersAreDone();
      const [worker] = await deps.serviceStates.find();
      if (worker !== undefined) await deps.serviceStates.put({ ...worker, ...said });
      await sweep();
    }
    expect(published).toEqual([]);
  });

  it('closes those that have ended, and never looks at them again', async () => {
    await deps.evaluations.put(recordOf(1));
    await deps.evaluationViews.put(endedView(1));
    await sweep();
    expect(await stateOf(1)).toBe('closed');
    await sweepLater();
    expect(looks).toHaveLength(1);
    expect(published).toEqual([]);
  });

  it('leaves one open that was reopened after it ended', async () => {
    await deps.evaluations.put(recordOf(1, { round: 1, reopenedAt: at(30) }));
    await deps.evaluationViews.put(endedView(1));
    await sweep();
    expect(await stateOf(1)).toBe('published');
    await sweepLater();
    expect(publishedIds()).toEqual([`evaluation-requested.v1:${idOf(1)}:1`]);
  });

  it('looks at none that is not published, or was only just requested', async () => {
    await deps.evaluations.put(recordOf(1, { state: 'accepted' }));
    await deps.evaluations.put(recordOf(2, { requestedAt: at(990) }));
    await sweep();
    await sweepLater();
    expect(looks).toEqual([]);
  });

  it('drives fifty again at most, and then the next ones', async () => {
    for (let number = 0; number < 120; number += 1) await deps.evaluations.put(recordOf(number));
    await sweep();
    const redriven: string[][] = [];
    for (let sweeps = 0; sweeps < 3; sweeps += 1) {
      await sweepLater(1);
      redriven.push(publishedIds());
    }
    expect(redriven.map(({ length }) => length)).toEqual([50, 50, 20]);
    expect(new Set(redriven.flat()).size).toBe(120);
  });

  it('looks at a thousand at most, and then at the next ones', async () => {
    for (let number = 0; number < 1005; number += 1) {
      await deps.evaluations.put(recordOf(number));
      await deps.evaluationViews.put({ ...endedView(number) });
    }
    await sweep();
    expect(looks).toHaveLength(1000);
    await sweepLater();
    expect(looks).toHaveLength(1005);
  });
});
