import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readModelCollections, WORKERS, type DeadLetter } from '@berkas/contracts';
import { toDeadLetter } from '@berkas/messaging';
import {
  createTemporaryEventBus,
  eventually,
  type TemporaryEventBus,
} from '@berkas/messaging/testing';
import { BerkasError, createLogger, systemClock, type Service } from '@berkas/service-kit';
import type { Collection, DocumentStore } from '@berkas/storage';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import { createService } from '../service.ts';

describe('the dead letters of the five groups', () => {
  let bus: TemporaryEventBus;
  let storage: TemporaryStorage;
  let services: Service[];
  beforeEach(async () => {
    bus = createTemporaryEventBus();
    storage = await createTemporaryStorage();
    services = [];
  });
  afterEach(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await bus.dispose();
    await storage.dispose();
  });

  const letters = (): Promise<Collection<DeadLetter>> =>
    storage.documents.collection<DeadLetter>(readModelCollections.deadLetters);
  const all = async (): Promise<DeadLetter[]> => (await letters()).find();
  const letterOf = (group: string, offset = '1') =>
    toDeadLetter(
      {
        topic: 'berkas.evaluation-closed.v1',
        partition: 0,
        offset,
        timestampMs: 0,
        key: 'key',
        headers: {},
        value: new Uint8Array([1]),
      },
      { group, error: new TypeError('x'), attempts: 1, at: '2026-01-02T03:04:05.000Z' },
    );
  const start = async (documents: DocumentStore = storage.documents): Promise<Service> => {
    const service = createService({
      bus,
      blobs: storage.blobs,
      documents,
      concurrency: 4,
      clock: systemClock,
      logger: createLogger({ level: 'silent' }),
      retry: { attempts: 1, patienceMs: 0, outagePatienceMs: 0, initialMs: 1, maximumMs: 1 },
    });
    services.push(service);
    await service.start();
    return service;
  };

  it('are recorded as open, each group its own, also those from before the start', async () => {
    await bus.publish(WORKERS.map((group) => letterOf(group)));
    await start();
    await eventually(async () => (await all()).length === WORKERS.length);
    expect((await all()).map(({ group }) => group).sort()).toEqual([...WORKERS].sort());
    expect(new Set((await all()).map(({ state }) => state))).toEqual(new Set(['open']));
  });

  it('stay as they were decided when they are delivered again', async () => {
    await start();
    await bus.publish([letterOf('ingest')]);
    await eventually(async () => (await all()).length === 1);
    const [letter] = await all();
    const decided = { ...letter, state: 'dropped', decidedAt: '2026-01-03T00:00:00.000Z' };
    await (await letters()).put(decided as DeadLetter);
    await bus.publish([letterOf('ingest'), letterOf('ingest', '2')]);
    await eventually(async () => (await all()).length === 2);
    expect(await (await letters()).get(decided.id ?? '')).toEqual(decided);
  });

  it('are no letters again when they cannot be stored, and are stored later', async () => {
    let fails = true;
    const documents: DocumentStore = {
      ...storage.documents,
      collection: async (definition) => {
        const real = await storage.documents.collection(definition);
        const insert: typeof real.insert = (document) =>
          fails
            ? Promise.reject(new BerkasError('full', { code: 'disk_full', retryable: false }))
            : real.insert(document);
        return { ...real, insert };
      },
    };
    const service = await start(documents);
    await bus.publish([letterOf('status')]);
    const check = () => service.health()['status:dead-letter.status'];
    await eventually(() => check()?.status === 'failed');
    expect(check()?.detail).toBe('cannot handle: disk_full');
    fails = false;
    await eventually(async () => (await all()).length === 1);
    await eventually(() => check()?.status === 'ok');
  });
});
