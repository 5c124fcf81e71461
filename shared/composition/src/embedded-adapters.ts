import { join } from 'node:path';
import { createSqliteEventBus, type EventBus } from '@berkas/messaging';
import type { Breaker, Clock, Logger } from '@berkas/service-kit';
import {
  createFileBlobStore,
  createSqliteDocumentStore,
  createSqliteSearchIndex,
  guardDisk,
  lockFolder,
  openDatabase,
  type BlobStore,
  type DocumentStore,
  type SearchIndex,
} from '@berkas/storage';

export type Adapters = {
  readonly bus: EventBus;
  readonly blobs: BlobStore;
  readonly documents: DocumentStore;
  readonly search: SearchIndex;
  /** Frees everything, the lock of the folder last. */
  close(): Promise<void>;
};

export type EmbeddedAdapters = Adapters & {
  /** Of what is written to the folder, the event log excepted: publishing waits by itself. */
  readonly breaker: Breaker;
};

/**
 * The embedded adapters on one folder. Event log, read model and index share one database file, so
 * that what survives a power cut is one state of all three.
 */
export function openEmbeddedAdapters(options: {
  folder: string;
  embeddingModel: string;
  clock: Clock;
  logger: Logger;
}): EmbeddedAdapters {
  const { folder, embeddingModel, clock, logger } = options;
  const lock = lockFolder(folder);
  const path = join(folder, 'berkas.db');
  const database = openDatabase({ path });
  const bus = createSqliteEventBus({ path, clock, logger });
  const stores = {
    blobs: createFileBlobStore({ folder: join(folder, 'blobs') }),
    documents: createSqliteDocumentStore({ database }),
    search: createSqliteSearchIndex({ database, embeddingModel }),
  };
  const disk = guardDisk(stores, { database, clock, logger });
  return {
    ...disk,
    bus,
    close: async () => {
      disk.breaker.close();
      await bus.close();
      await disk.search.close();
      await disk.documents.close();
      database.close();
      lock.release();
    },
  };
}
