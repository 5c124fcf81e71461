import { createLogger, systemClock, type Breaker } from '@berkas/service-kit';
import { createSqliteDocumentStore } from '../embedded/sqlite-document-store.ts';
import { createSqliteSearchIndex } from '../embedded/sqlite-search-index.ts';
import {
  blobStoreContract,
  createTemporaryStorage,
  documentStoreContract,
  searchIndexContract,
  type ContractFactory,
  type TemporaryStorage,
} from '../testing/index.ts';
import { guardBlobStore } from './guard-blob-store.ts';
import { guardDocumentStore } from './guard-document-store.ts';
import { guardSearchIndex } from './guard-search-index.ts';
import { createStorageBreaker } from './storage-breaker.ts';

/** A guard changes nothing of what it guards: it passes the suites that the guarded one does. */
const guarded =
  <Port, OpenOptions extends readonly unknown[]>(
    open: (storage: TemporaryStorage, ...options: OpenOptions) => Port,
    guard: (port: Port, breaker: Breaker) => Port,
  ): ContractFactory<Port, OpenOptions> =>
  async () => {
    const storage = await createTemporaryStorage();
    const breaker = createStorageBreaker({
      name: 'storage',
      clock: systemClock,
      logger: createLogger({ level: 'silent' }),
    });
    return {
      open: (...options) => Promise.resolve(guard(open(storage, ...options), breaker)),
      dispose: async () => {
        breaker.close();
        await storage.dispose();
      },
    };
  };

blobStoreContract(
  'The guarded blob store',
  guarded(({ blobs }) => blobs, guardBlobStore),
);

documentStoreContract(
  'The guarded document store',
  guarded(({ database }) => createSqliteDocumentStore({ database }), guardDocumentStore),
);

searchIndexContract(
  'The guarded search index',
  guarded(
    ({ database }, embeddingModel: string) => createSqliteSearchIndex({ database, embeddingModel }),
    guardSearchIndex,
  ),
);
