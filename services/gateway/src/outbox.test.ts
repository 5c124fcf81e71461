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
