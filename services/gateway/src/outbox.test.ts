import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import type { OutboxState } from './domain/records.ts';
import { createOutbox } from './outbox.ts';

type Accepted = { readonly id: string; readonly state: OutboxState };

let storage: TemporaryStorage;
beforeEach(async () => {
  storage = await createTemporaryStorage();
});
afterEach(() => storage.dispose());

it('accepts without waiting for a bus that hangs, and marks it once it is published', async () => {
  const collection = await storage.documents.collection<Accepted>({
    name: 'accepted',
    indexes: ['state'],
  });
  let publish = (): void => undefined;
  const outbox = createOutbox<Accepted>({
    collection,
    eventsOf: () => [],
    publish: () => new Promise<void>((resolve) => (publish = resolve)),
    logger: createLogger({ level: 'silent' }),
    patienceMs: 1,
  });
  await outbox.accept({ id: 'a', state: 'accepted' });
  expect(await collection.get('a')).toMatchObject({ state: 'accepted' });
  // What is in hand is left alone.
  expect(await outbox.deliverPending()).toBe(0);
  await outbox.settled(1);
  expect(await collection.get('a')).toMatchObject({ state: 'accepted' });
  publish();
  await outbox.settled(10_000);
  expect(await collection.get('a')).toMatchObject({ state: 'published' });
});

it('publishes anew what was accepted anew while it was being published', async () => {
  type Counted = Accepted & { readonly round: number };
  const collection = await storage.documents.collection<Counted>({
    name: 'counted',
    indexes: ['state'],
  });
  const published: number[] = [];
  let goOn = (): void => undefined;
  const outbox = createOutbox<Counted, number>({
    collection,
    eventsOf: ({ round }) => round,
    publish: async (round) => {
      if (round === 0) await new Promise<void>((resolve) => (goOn = resolve));
      published.push(round);
    },
    logger: createLogger({ level: 'silent' }),
    patienceMs: 1,
  });
  const first: Counted = { id: 'a', state: 'accepted', round: 0 };
  await outbox.accept(first);
  await outbox.renew(first, (current) => ({ ...current, state: 'accepted', round: 1 }));
  goOn();
  await outbox.settled(10_000);
  expect(await collection.get('a')).toEqual({ id: 'a', state: 'accepted', round: 1 });
  expect(await outbox.deliverPending()).toBe(1);
  expect(published).toEqual([0, 1]);
  expect(await collection.get('a')).toEqual({ id: 'a', state: 'published', round: 1 });
});

it('accepts nothing anew where the change leaves the record as it is', async () => {
  const collection = await storage.documents.collection<Accepted>({
    name: 'accepted',
    indexes: ['state'],
  });
  let publications = 0;
  const outbox = createOutbox<Accepted>({
    collection,
    eventsOf: () => [],
    publish: () => Promise.resolve(void (publications += 1)),
    logger: createLogger({ level: 'silent' }),
  });
  const record: Accepted = { id: 'a', state: 'accepted' };
  expect(await outbox.accept(record)).toEqual(record);
  await outbox.renew({ ...record, state: 'published' }, (current) => current);
  expect(publications).toBe(1);
});

it('holds a bounded number in memory while the bus hangs, and leaves the rest to the sweep', async () => {
  const collection = await storage.documents.collection<Accepted>({
    name: 'accepted',
    indexes: ['state'],
  });
  const hanging: (() => void)[] = [];
  let hangs = true;
  const outbox = createOutbox<Accepted>({
    collection,
    eventsOf: () => [],
    publish: () =>
      hangs ? new Promise<void>((resolve) => hanging.push(resolve)) : Promise.resolve(),
    logger: createLogger({ level: 'silent' }),
    patienceMs: 1,
    maxUnderWay: 2,
  });
  for (const id of ['a', 'b', 'c']) await outbox.accept({ id, state: 'accepted' });
  expect(hanging).toHaveLength(2);
  expect(await collection.find({ where: { state: 'accepted' } })).toHaveLength(3);
  hangs = false;
  for (const goOn of hanging) goOn();
  await outbox.settled(10_000);
  expect(await outbox.deliverPending()).toBe(1);
  expect(await collection.find({ where: { state: 'published' } })).toHaveLength(3);
});

it.each(['published', 'closed'] as const)(
  'publishes nothing again of what is %s, when a client asks for it again',
  async (state) => {
    const collection = await storage.documents.collection<Accepted>({
      name: 'accepted',
      indexes: ['state'],
    });
    let publications = 0;
    const outbox = createOutbox<Accepted>({
      collection,
      eventsOf: () => [],
      publish: () => Promise.resolve(void (publications += 1)),
      logger: createLogger({ level: 'silent' }),
    });
    await collection.insert({ id: 'a', state });
    expect(await outbox.accept({ id: 'a', state: 'accepted' })).toEqual({ id: 'a', state });
    expect(await collection.get('a')).toEqual({ id: 'a', state });
    expect(publications).toBe(0);
  },
);
