import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, type Breaker, type BreakerState } from '@berkas/service-kit';
import type { BlobStore } from '../blob-store.ts';
import { StorageError, type StorageErrorCode } from '../storage-error.ts';
import { createTemporaryStorage, type TemporaryStorage } from '../testing/index.ts';
import { guardBlobStore } from './guard-blob-store.ts';
import { guardDocumentStore } from './guard-document-store.ts';
import { guardSearchIndex } from './guard-search-index.ts';
import { createStorageBreaker, DEFAULT_STORAGE_BREAKER } from './storage-breaker.ts';

let storage: TemporaryStorage;
const breakers: Breaker[] = [];
beforeEach(async () => {
  storage = await createTemporaryStorage();
});
afterEach(async () => {
  breakers.splice(0).forEach((breaker) => breaker.close());
  await storage.dispose();
});

function breakerOf(name: string, resetTimeoutMs = 60_000): Breaker {
  const breaker = createStorageBreaker({
    name,
    clock: { now: () => new Date('2026-01-02T03:04:05Z') },
    logger: createLogger({ level: 'silent' }),
    options: { ...DEFAULT_STORAGE_BREAKER, resetTimeoutMs },
  });
  breakers.push(breaker);
  return breaker;
}

const failure = (code: StorageErrorCode) => new StorageError(code, code);
const AWAY = failure('storage_unavailable');

async function openIt(breaker: Breaker): Promise<void> {
  while (breaker.state() === 'closed') {
    await expect(breaker.run(() => Promise.reject(AWAY))).rejects.toBe(AWAY);
  }
}

const reached = (breaker: Breaker, state: BreakerState): Promise<void> =>
  new Promise((resolve) => {
    breaker.onChange((changed) => {
      if (changed === state) resolve();
    });
  });

/** A port of which every call is counted and fails as it is told. */
function failing<Port extends object>(port: Port, error: () => Error) {
  let calls = 0;
  const failingPort = new Proxy(port, {
    get: () => () => {
      calls += 1;
      return Promise.reject(error());
    },
  });
  return { port: failingPort, calls: () => calls };
}

const SOURCE = { kind: 'cv', source: 'doc_1', version: 'v1' } as const;
const NOTES = { name: 'notes', indexes: [] } as const;
type Note = { readonly id: string; readonly text: string };
const NOTE: Note = { id: 'a', text: 'b' };
const QUERY = { text: 'a', vector: [1], filter: SOURCE, limit: 1 };

describe('a guarded document store', () => {
  it('opens its breaker though its collection is asked for with every call', async () => {
    const breaker = breakerOf('MongoDB');
    const collection = await storage.documents.collection<Note>(NOTES);
    const away = { ...collection, get: () => Promise.reject(AWAY) };
    const documents = guardDocumentStore(
      { ...storage.documents, collection: () => Promise.resolve(away as never) },
      breaker,
    );
    for (let call = 0; call < 5; call += 1) {
      const notes = await documents.collection<Note>(NOTES);
      await expect(notes.get('a')).rejects.toThrow(StorageError);
    }
    expect(breaker.state()).toBe('open');
  });
});

describe('a guard whose breaker is open', () => {
  it('makes no call of a blob store', async () => {
    const breaker = breakerOf('MinIO');
    const { port, calls } = failing(storage.blobs, () => AWAY);
    const blobs = guardBlobStore(port, breaker);
    await openIt(breaker);
    const source = (async function* () {
      yield await Promise.resolve(new Uint8Array(1));
    })();
    for (const call of [
      () => blobs.put('a', new Uint8Array(1)),
      () => blobs.put('a', source),
      () => blobs.get('a'),
      () => blobs.exists('a'),
      () => blobs.delete('a'),
    ]) {
      await expect(call()).rejects.toMatchObject({
        code: 'storage_unavailable',
        retryable: true,
        message: 'MinIO is away: tried again in 60 s.',
        retryAfterMs: 60_000,
      });
    }
    expect(calls()).toBe(0);
  });

  it('makes no call of a document store or of its collections', async () => {
    const breaker = breakerOf('MongoDB');
    const documents = guardDocumentStore(storage.documents, breaker);
    const notes = await documents.collection<Note>(NOTES);
    await notes.put(NOTE);
    await openIt(breaker);
    for (const call of [
      () => documents.collection<Note>({ ...NOTES, name: 'not-opened-yet' }),
      () => notes.get('a'),
      () => notes.insert({ ...NOTE, id: 'b' }),
      () => notes.put({ ...NOTE, text: 'c' }),
      () => notes.modify('a', () => ({ ...NOTE, text: 'c' })),
      () => notes.find(),
      () => notes.delete('a'),
    ]) {
      await expect(call()).rejects.toMatchObject({ message: /^MongoDB is away/ });
    }
    const same = await storage.documents.collection<Note>(NOTES);
    expect(await same.find()).toEqual([NOTE]);
    await documents.close();
  });

  it('makes no call of a search index', async () => {
    const breaker = breakerOf('Elasticsearch');
    const { port, calls } = failing(storage.search, () => AWAY);
    const search = guardSearchIndex(port, breaker);
    await openIt(breaker);
    for (const call of [
      () => search.replaceSource(SOURCE, []),
      () => search.hasSource(SOURCE),
      () => search.search(QUERY),
      () => search.deleteSource('cv', 'doc_1'),
    ]) {
      await expect(call()).rejects.toMatchObject({ message: /^Elasticsearch is away/ });
    }
    expect(calls()).toBe(0);
  });
});

describe('the breaker of a storage server', () => {
  it.each<StorageErrorCode>(['storage_unavailable', 'storage_busy'])('counts %s', async (code) => {
    const breaker = breakerOf('Elasticsearch');
    const search = guardSearchIndex(failing(storage.search, () => failure(code)).port, breaker);
    for (let call = 0; call < 5; call += 1) {
      await expect(search.hasSource(SOURCE)).rejects.toMatchObject({ code });
    }
    expect(breaker.state()).toBe('open');
  });

  it.each([
    ['a full disk', failure('storage_full')],
    ['a vector that does not fit', failure('vector_length_mismatch')],
    ['an index that is missing', failure('storage_unusable')],
    ['a bug', new TypeError('a bug')],
  ])('does not count %s', async (_name, error) => {
    const breaker = breakerOf('Elasticsearch');
    const search = guardSearchIndex(failing(storage.search, () => error).port, breaker);
    for (let call = 0; call < 10; call += 1) {
      await expect(search.hasSource(SOURCE)).rejects.toBe(error);
    }
    expect(breaker.state()).toBe('closed');
  });

  it('does not count a change that throws', async () => {
    const breaker = breakerOf('MongoDB');
    const documents = guardDocumentStore(storage.documents, breaker);
    const notes = await documents.collection<Note>(NOTES);
    const refused = new RangeError('no such step');
    const refuse = (): Note => {
      throw refused;
    };
    for (let call = 0; call < 10; call += 1) {
      await expect(notes.modify('a', refuse)).rejects.toBe(refused);
    }
    expect(breaker.state()).toBe('closed');
  });

  it('says of calls after its end that it was closed', async () => {
    const breaker = breakerOf('MinIO');
    breaker.close();
    await expect(guardBlobStore(storage.blobs, breaker).exists('a')).rejects.toMatchObject({
      code: 'storage_closed',
      retryable: false,
    });
  });
});

describe('a guarded put from a source', () => {
  async function* sourceOf(...chunks: readonly (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) {
      if (chunk instanceof Error) throw chunk;
      yield await Promise.resolve(chunk);
    }
  }

  it('does not count a source that fails, whatever it fails with', async () => {
    const breaker = breakerOf('MinIO');
    const blobs = guardBlobStore(storage.blobs, breaker);
    for (let call = 0; call < 10; call += 1) {
      await expect(blobs.put('a', sourceOf(new Uint8Array(1), AWAY))).rejects.toBe(AWAY);
    }
    expect(breaker.state()).toBe('closed');
  });

  it('counts a server that fails, also one that tells the source', async () => {
    const breaker = breakerOf('MinIO');
    const put: BlobStore['put'] = async (_key, content) => {
      const chunks = (content as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
      await chunks.next();
      await chunks.throw?.(AWAY);
      throw AWAY;
    };
    const blobs = guardBlobStore({ ...storage.blobs, put }, breaker);
    for (let call = 0; call < 5; call += 1) {
      await expect(blobs.put('a', sourceOf(new Uint8Array(1)))).rejects.toBe(AWAY);
    }
    expect(breaker.state()).toBe('open');
  });

  it('lets nobody wait for a slow source to learn whether the server is back', async () => {
    const breaker = breakerOf('MinIO', 20);
    const blobs = guardBlobStore(storage.blobs, breaker);
    const halfOpen = reached(breaker, 'half_open');
    await openIt(breaker);
    await halfOpen;
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const put = blobs.put(
      'slow',
      (async function* () {
        await held;
        yield new Uint8Array([7]);
      })(),
    );
    expect(await blobs.exists('slow')).toBe(false);
    expect(breaker.state()).toBe('closed');
    goOn();
    await put;
    expect([...(await blobs.get('slow'))]).toEqual([7]);
  });
});
