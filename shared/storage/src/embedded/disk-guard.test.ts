import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, type BreakerState } from '@berkas/service-kit';
import { DEFAULT_STORAGE_BREAKER } from '../guarded/storage-breaker.ts';
import { StorageError } from '../storage-error.ts';
import {
  blobStoreContract,
  createTemporaryStorage,
  documentStoreContract,
  searchIndexContract,
  type TemporaryStorage,
} from '../testing/index.ts';
import { guardDisk, type GuardedDisk } from './disk-guard.ts';
import { createSqliteSearchIndex } from './sqlite-search-index.ts';

const RESET_MS = 20;
const FULL = new StorageError('storage_full', 'full');
const SOURCE = { kind: 'cv', source: 'doc_1', version: 'v1' } as const;
const NOTES = { name: 'notes', indexes: [] } as const;
type Note = { readonly id: string; readonly text: string };

/** Guards the stores of a folder whose blobs can be made to fail. */
function guardOf(storage: TemporaryStorage, failure: () => Error | undefined = () => undefined) {
  return guardDisk(
    {
      ...storage,
      blobs: {
        ...storage.blobs,
        put: (key, content) => {
          const error = failure();
          return error === undefined ? storage.blobs.put(key, content) : Promise.reject(error);
        },
      },
    },
    {
      database: storage.database,
      clock: { now: () => new Date('2026-01-02T03:04:05Z') },
      logger: createLogger({ level: 'silent' }),
      options: { ...DEFAULT_STORAGE_BREAKER, resetTimeoutMs: RESET_MS },
    },
  );
}

const opened = async () => {
  const storage = await createTemporaryStorage();
  const disk = guardOf(storage);
  return {
    storage,
    disk,
    dispose: async () => {
      disk.breaker.close();
      await storage.dispose();
    },
  };
};
blobStoreContract('The guarded files', async () => {
  const { disk, dispose } = await opened();
  return { open: () => Promise.resolve(disk.blobs), dispose };
});
documentStoreContract('The guarded documents', async () => {
  const { disk, dispose } = await opened();
  return { open: () => Promise.resolve(disk.documents), dispose };
});
searchIndexContract('The guarded passages', async () => {
  const { storage, disk, dispose } = await opened();
  return {
    open: (embeddingModel: string) => {
      const search = createSqliteSearchIndex({ database: storage.database, embeddingModel });
      const stores = { ...storage, search };
      const { clock, logger } = QUIET;
      const guarded = guardDisk(stores, { database: storage.database, clock, logger });
      return Promise.resolve({
        ...guarded.search,
        close: () => {
          guarded.breaker.close();
          return guarded.search.close();
        },
      });
    },
    dispose: async () => {
      disk.breaker.close();
      await dispose();
    },
  };
});
const QUIET = { clock: { now: () => new Date() }, logger: createLogger({ level: 'silent' }) };

describe('A guarded disk', () => {
  let storage: TemporaryStorage;
  let disk: GuardedDisk;
  let failure: Error | undefined;
  beforeEach(async () => {
    storage = await createTemporaryStorage();
    failure = undefined;
    disk = guardOf(storage, () => failure);
  });
  afterEach(async () => {
    disk.breaker.close();
    await storage.dispose();
  });

  const reached = (state: BreakerState): Promise<void> =>
    new Promise((resolve) => {
      disk.breaker.onChange((changed) => {
        if (changed === state) resolve();
      });
    });
  const fill = async (): Promise<void> => {
    failure = FULL;
    while (disk.breaker.state() === 'closed') {
      await expect(disk.blobs.put('a', new Uint8Array(1))).rejects.toBe(FULL);
    }
  };

  it('that is full says so, and takes nothing more to be written, wherever to', async () => {
    const notes = await disk.documents.collection<Note>(NOTES);
    await fill();
    expect(disk.breaker.health()).toEqual({
      status: 'failed',
      detail: expect.stringMatching(/^away since 2026-01-02T03:04:05.*: its disk is full/),
    });
    const note = { id: 'a', text: 'b' };
    for (const write of [
      () => disk.blobs.put('a', new Uint8Array(1)),
      () => disk.blobs.delete('a'),
      () => notes.insert(note),
      () => notes.put(note),
      () => notes.modify('a', () => note),
      () => notes.delete('a'),
      () => disk.documents.collection({ ...NOTES, name: 'others' }),
      () => disk.search.replaceSource(SOURCE, []),
      () => disk.search.deleteSource('cv', 'doc_1'),
    ]) {
      await expect(write()).rejects.toMatchObject({
        code: 'storage_unavailable',
        retryable: true,
        message: expect.stringMatching(/^The data folder is away/),
      });
    }
  });

  it('that is full is read from as before', async () => {
    await disk.blobs.put('a', new Uint8Array([1]));
    const notes = await disk.documents.collection<Note>(NOTES);
    await notes.put({ id: 'a', text: 'b' });
    await fill();
    expect(await disk.blobs.exists('a')).toBe(true);
    expect(await disk.blobs.get('a')).toEqual(new Uint8Array([1]));
    expect(await (await disk.documents.collection<Note>(NOTES)).get('a')).toBeDefined();
    expect(await notes.find()).toHaveLength(1);
    expect(await disk.search.hasSource(SOURCE)).toBe(false);
  });

  it('is written to again once there is room, without anyone asking', async () => {
    await fill();
    const closed = reached('closed');
    failure = undefined;
    await closed;
    await disk.blobs.put('a', new Uint8Array(1));
    expect(disk.breaker.health()).toEqual({ status: 'ok', detail: 'can be written to' });
    expect(await disk.blobs.exists('probe')).toBe(false);
  });

  it('stays away while the probe finds no room', async () => {
    await fill();
    await reached('half_open');
    await reached('open');
    expect(disk.breaker.state()).toBe('open');
  });

  it('is not away because of a bug', async () => {
    failure = new TypeError('a bug');
    for (let call = 0; call < 10; call += 1) {
      await expect(disk.blobs.put('a', new Uint8Array(1))).rejects.toBe(failure);
    }
    expect(disk.breaker.state()).toBe('closed');
  });
});
