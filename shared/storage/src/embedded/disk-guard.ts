import {
  createBreaker,
  type Breaker,
  type BreakerOptions,
  type Clock,
  type Logger,
} from '@berkas/service-kit';
import type { BlobStore } from '../blob-store.ts';
import type { Collection, DocumentStore, StoredDocument } from '../document-store.ts';
import { guardBlobStore } from '../guarded/guard-blob-store.ts';
import { DEFAULT_STORAGE_BREAKER, storageRejection } from '../guarded/storage-breaker.ts';
import type { SearchIndex } from '../search-index.ts';
import { StorageError, type StorageErrorCode } from '../storage-error.ts';
import type { Database } from './database.ts';

export type EmbeddedStores = {
  readonly blobs: BlobStore;
  readonly documents: DocumentStore;
  readonly search: SearchIndex;
};

export interface GuardedDisk extends EmbeddedStores {
  /** Open while the disk is full or cannot be written to; its check says which. */
  readonly breaker: Breaker;
}

const NAME = 'data folder';

const REASONS: Partial<Record<StorageErrorCode, string>> = {
  storage_full: 'its disk is full, free some space',
  storage_busy: 'another program holds its database',
  storage_unavailable: 'it cannot be written to, the log says why',
};

/**
 * The same stores, of which everything that writes goes through one breaker. So a disk that is full
 * for a night pauses the consumers, and costs no event its tries; what is stored can still be read.
 * While the breaker is open a probe finds out whether there is room again.
 */
export function guardDisk(
  stores: EmbeddedStores,
  dependencies: {
    readonly database: Database;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly options?: BreakerOptions;
  },
): GuardedDisk {
  const { database, clock, logger, options = DEFAULT_STORAGE_BREAKER } = dependencies;
  let reason = '';
  const breaker = createBreaker({
    name: NAME,
    ...{ options, clock, logger },
    isFailure: (error) => {
      const found = error instanceof StorageError ? REASONS[error.code] : undefined;
      reason = found ?? reason;
      return found !== undefined;
    },
    rejection: storageRejection(`The ${NAME}`),
  });
  breaker.onChange((state) => {
    if (state !== 'half_open') return;
    void breaker.run(() => probe(stores.blobs, database)).catch(() => undefined);
  });
  return {
    blobs: guardBlobWrites(stores.blobs, breaker),
    documents: guardDocumentWrites(stores.documents, breaker),
    search: guardSearchWrites(stores.search, breaker),
    breaker: {
      ...breaker,
      health: () => {
        const { status, detail } = breaker.health();
        return { status, detail: status === 'ok' ? 'can be written to' : `${detail}: ${reason}` };
      },
    },
  };
}

const PROBE_KEY = 'probe';
const PROBE_BYTES = 64 * 1024;

/** Files and database lie on one disk, and each can be refused by itself. */
async function probe(blobs: BlobStore, database: Database): Promise<void> {
  await blobs.put(PROBE_KEY, new Uint8Array(PROBE_BYTES));
  await blobs.delete(PROBE_KEY);
  database.transaction(() => {
    database.run('CREATE TABLE IF NOT EXISTS disk_probe (id INTEGER PRIMARY KEY, body BLOB)');
    database.run('REPLACE INTO disk_probe (id, body) VALUES (1, zeroblob(?))', PROBE_BYTES);
  });
}

function guardBlobWrites(blobs: BlobStore, breaker: Breaker): BlobStore {
  const guarded = guardBlobStore(blobs, breaker);
  return {
    ...blobs,
    put: (key, content) => guarded.put(key, content),
    delete: (key) => guarded.delete(key),
  };
}

function guardDocumentWrites(documents: DocumentStore, breaker: Breaker): DocumentStore {
  // The first time makes its table.
  const opened = new Set<string>();
  return {
    ...documents,
    collection: async (definition) => {
      const key = JSON.stringify([definition.name, ...definition.indexes]);
      const open = () => documents.collection(definition);
      const collection = opened.has(key) ? await open() : await breaker.run(open);
      opened.add(key);
      return guardCollectionWrites(collection, breaker);
    },
  };
}

function guardCollectionWrites<Document extends StoredDocument>(
  collection: Collection<Document>,
  breaker: Breaker,
): Collection<Document> {
  return {
    ...collection,
    insert: (document) => breaker.run(() => collection.insert(document)),
    put: (document) => breaker.run(() => collection.put(document)),
    modify: (id, change) => breaker.run(() => collection.modify(id, change)),
    delete: (id) => breaker.run(() => collection.delete(id)),
  };
}

function guardSearchWrites(search: SearchIndex, breaker: Breaker): SearchIndex {
  return {
    ...search,
    replaceSource: (source, passages) => breaker.run(() => search.replaceSource(source, passages)),
    deleteSource: (kind, source) => breaker.run(() => search.deleteSource(kind, source)),
  };
}
