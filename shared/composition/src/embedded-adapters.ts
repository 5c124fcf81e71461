import { join } from 'node:path';
import { createSqliteEventBus, type EventBus } from '@berkas/messaging';
import type { Clock, Logger } from '@berkas/service-kit';
import {
  createFileBlobStore,
  createSqliteDocumentStore,
  createSqliteSearchIndex,
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

/**
 * The embedded adapters on one folder. Event log, read model and index share one database file, so
 * that what survives a power cut is one state of all three.
 */
export function openEmbeddedAdapters(options: {
  folder: string;
  embeddingModel: string;
  clock: Clock;
  logger: Logger;
}): Adapters {
  const lock = lockFolder(options.folder);
  const path = join(options.folder, 'berkas.db');
  const database = openDatabase({ path });
  const bus = createSqliteEventBus({ path, clock: options.clock, logger: options.logger });
  const documents = createSqliteDocumentStore({ database });
  const search = createSqliteSearchIndex({ database, embeddingModel: options.embeddingModel });
  return {
    bus,
    blobs: createFileBlobStore({ folder: join(options.folder, 'blobs') }),
    documents,
    search,
    close: async () => {
      await bus.close();
      await search.close();
      await documents.close();
      database.close();
      lock.release();
    },
  };
}
