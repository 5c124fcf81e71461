import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import type { Collection } from '../document-store.ts';
import { documentStoreContract } from '../testing/index.ts';
import { requiredVariable } from '../testing/required-variable.ts';
import { openFaultyConnection, type FaultyConnection } from '../testing/toxiproxy.ts';
import {
  createMongoDocumentStore,
  type MongoDocumentStore,
} from './create-mongo-document-store.ts';
import { openMongoDocumentStore } from './mongo-document-store.ts';

const url = requiredVariable(process.env, 'MONGODB_URL');
const toxiproxyUrl = requiredVariable(process.env, 'TOXIPROXY_URL');

type Counter = { readonly id: string; readonly count: number; readonly job?: string };
const COUNTERS = { name: 'counters', indexes: [] } as const;

const newDatabase = (): string => `berkas-test-${randomUUID()}`;

/** The stores that a test opened on one database, closed and removed with it. */
function temporaryDatabase() {
  const database = newDatabase();
  const opened: MongoDocumentStore[] = [];
  return {
    database,
    open: async (address = url, timeoutMs = 20_000): Promise<MongoDocumentStore> => {
      const store = await createMongoDocumentStore({ url: address, database, timeoutMs });
      opened.push(store);
      return store;
    },
    dispose: async () => {
      await Promise.all(opened.map((store) => store.close()));
      const client = new MongoClient(url);
      await client.db(database).dropDatabase();
      await client.close();
    },
  };
}

documentStoreContract('The MongoDB document store', () => {
  const { open, dispose } = temporaryDatabase();
  return Promise.resolve({ open: () => open(), dispose });
});

describe('The MongoDB document store', () => {
  let temporary: ReturnType<typeof temporaryDatabase>;
  let store: MongoDocumentStore;

  beforeEach(async () => {
    temporary = temporaryDatabase();
    store = await temporary.open();
  });
  afterEach(() => temporary.dispose());

  it('loses none of 150 increments at once, from three processes', async () => {
    const stores = [store, await temporary.open(), await temporary.open()];
    const collections = await Promise.all(stores.map((each) => each.collection<Counter>(COUNTERS)));
    const incrementing = collections.flatMap((counters) =>
      Array.from({ length: 50 }, () =>
        counters.modify('counter', (current) => ({
          id: 'counter',
          count: (current?.count ?? 0) + 1,
        })),
      ),
    );
    await Promise.all(incrementing);
    expect((await collections[0]?.get('counter'))?.count).toBe(150);
  });

  it('fills a new index for hundreds of documents that it holds, beside a writer', async () => {
    const plain = await store.collection<Counter>(COUNTERS);
    const documents = Array.from({ length: 250 }, (_, count) => ({
      id: `document_${String(count).padStart(3, '0')}`,
      count,
      ...(count % 2 === 0 ? { job: 'backend' } : {}),
    }));
    await Promise.all(documents.map((document) => plain.insert(document)));
    const definition = { name: 'counters', indexes: ['job'] } as const;
    const [indexed] = await Promise.all([
      store.collection<Counter>(definition),
      plain.modify('document_000', (current) => ({
        count: 0,
        ...current,
        id: 'document_000',
        job: 'frontend',
      })),
      plain.modify('document_249', (current) => ({
        count: 0,
        ...current,
        id: 'document_249',
        job: 'frontend',
      })),
    ]);
    // What the old definition wrote in between is indexed at the latest with the next start.
    const again = await store.collection<Counter>(definition);
    for (const collection of [indexed, again]) {
      const backend = await collection.find({ where: { job: 'backend' }, limit: 1_000 });
      expect(backend).toEqual(documents.filter(({ count }) => count % 2 === 0 && count !== 0));
    }
    const frontend = await again.find({ where: { job: 'frontend' } });
    expect(frontend.map(({ id }) => id)).toEqual(['document_000', 'document_249']);
  });

  it('tells apart indexed values that differ in broken Unicode or NUL', async () => {
    const jobs = await store.collection<Counter>({ name: 'jobs', indexes: ['job'] });
    const values = ['a\ud800', 'a\udfff', 'a\ufffd', 'a\u0000', 'a', 'a\\u0000', '$a', ''];
    for (const [count, job] of values.entries()) await jobs.put({ id: `id_${count}`, count, job });
    for (const [count, job] of values.entries()) {
      expect(await jobs.find({ where: { job } })).toEqual([{ id: `id_${count}`, count, job }]);
    }
  });

  it('refuses a document that is larger than the server takes', async () => {
    const counters = await store.collection<Counter>(COUNTERS);
    const large = { id: 'large', count: 1, job: 'x'.repeat(16 * 1024 * 1024) };
    const refusal = { code: 'invalid_document', retryable: false };
    await expect(counters.put(large)).rejects.toMatchObject(refusal);
    await expect(counters.insert(large)).rejects.toMatchObject(refusal);
    await expect(counters.modify('large', () => large)).rejects.toMatchObject(refusal);
  });

  it('opens a collection once, so that its writers take turns however often it is asked for', async () => {
    const [first, second] = await Promise.all([
      store.collection<Counter>(COUNTERS),
      store.collection<Counter>(COUNTERS),
    ]);
    expect(second).toBe(first);
    expect(await store.collection<Counter>(COUNTERS)).toBe(first);
  });

  it('says that it is closed', async () => {
    const counters = await store.collection<Counter>(COUNTERS);
    await store.close();
    await expect(counters.get('counter')).rejects.toMatchObject({
      code: 'storage_closed',
      retryable: false,
    });
  });

  it.each(['', 'http://127.0.0.1', 'mongodb://'])('does not open on the address %j', (address) => {
    expect(() => openMongoDocumentStore({ url: address, database: 'x', timeoutMs: 1_000 })).toThrow(
      expect.objectContaining({ code: 'storage_unusable', retryable: false }),
    );
  });

  it('rejects as retryable what no server answers', async () => {
    const lost = await temporary.open('mongodb://127.0.0.1:1', 500);
    const unavailable = { code: 'storage_unavailable', retryable: true };
    await expect(lost.ready()).rejects.toMatchObject(unavailable);
    await expect(
      lost.collection<Counter>({ name: 'jobs', indexes: ['job'] }),
    ).rejects.toMatchObject(unavailable);
  });

  it('is ready without leaving a trace', async () => {
    await store.ready();
    const client = new MongoClient(url);
    const collections = await client.db(temporary.database).listCollections().toArray();
    await client.close();
    expect(collections).toEqual([]);
  });

  describe('behind a bad connection', () => {
    const unavailable = { code: 'storage_unavailable', retryable: true };
    let connection: FaultyConnection;
    let remote: MongoDocumentStore;
    let counters: Collection<Counter>;

    beforeAll(async () => {
      connection = await openFaultyConnection(toxiproxyUrl, url);
    });
    beforeEach(async () => {
      remote = await temporary.open(`mongodb://${connection.address}`, 1_000);
      counters = await remote.collection<Counter>(COUNTERS);
      await counters.put({ id: 'counter', count: 1 });
    });
    afterEach(() => connection.heal());
    afterAll(() => connection.dispose());

    it.each([
      ['stalls', () => connection.stall()],
      ['is cut', () => connection.cut()],
      ['is slower than the deadline', () => connection.slowDown(5_000)],
    ])('that %s rejects each call as retryable, and recovers', async (_title, harm) => {
      await harm();
      const document = { id: 'counter', count: 2 };
      await expect(counters.get('counter')).rejects.toMatchObject(unavailable);
      await expect(counters.put(document)).rejects.toMatchObject(unavailable);
      await expect(counters.insert(document)).rejects.toMatchObject(unavailable);
      await expect(counters.modify('counter', () => document)).rejects.toMatchObject(unavailable);
      await expect(counters.find()).rejects.toMatchObject(unavailable);
      await expect(counters.delete('other')).rejects.toMatchObject(unavailable);
      await expect(remote.ready()).rejects.toMatchObject(unavailable);
      await connection.heal();
      await untilAnswered(() => counters.put({ id: 'counter', count: 3 }));
      await remote.ready();
      expect((await counters.get('counter'))?.count).toBe(3);
    });

    it('becomes ready when the server comes up after it was opened', async () => {
      await connection.cut();
      const early = await temporary.open(`mongodb://${connection.address}`, 500);
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await expect(early.ready()).rejects.toMatchObject(unavailable);
      }
      await connection.heal();
      await early.ready();
      const found = await early.collection<Counter>(COUNTERS);
      expect((await found.get('counter'))?.count).toBe(1);
    });

    it('works as ever when it is slow, but faster than the deadline', async () => {
      await connection.slowDown(100);
      await counters.modify('counter', () => ({ id: 'counter', count: 4 }));
      expect((await counters.get('counter'))?.count).toBe(4);
    });
  });
});

/** Repeats as a caller of a retryable error would; the server is found again within seconds. */
async function untilAnswered(call: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call();
      return;
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}
