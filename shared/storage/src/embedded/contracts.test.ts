import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  blobStoreContract,
  documentStoreContract,
  searchIndexContract,
  type ContractFactory,
} from '../testing/index.ts';
import { openDatabase, type Database } from './database.ts';
import { createFileBlobStore } from './file-blob-store.ts';
import { createSqliteDocumentStore } from './sqlite-document-store.ts';
import { createSqliteSearchIndex } from './sqlite-search-index.ts';

/** Each adapter on a connection of its own to one file, as in separate processes. */
const onOneFile =
  <Port, OpenOptions extends readonly unknown[]>(
    create: (database: Database, ...options: OpenOptions) => Port,
  ): ContractFactory<Port, OpenOptions> =>
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'berkas-contract-'));
    const opened: Database[] = [];
    return {
      open: (...options) => {
        const database = openDatabase({ path: join(folder, 'berkas.db') });
        opened.push(database);
        return Promise.resolve(create(database, ...options));
      },
      dispose: async () => {
        for (const database of opened) database.close();
        await rm(folder, { recursive: true });
      },
    };
  };

blobStoreContract('The file blob store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'berkas-contract-'));
  return {
    open: () => Promise.resolve(createFileBlobStore({ folder })),
    dispose: () => rm(folder, { recursive: true }),
  };
});

documentStoreContract(
  'The SQLite document store',
  onOneFile((database) => createSqliteDocumentStore({ database })),
);

searchIndexContract(
  'The SQLite search index',
  onOneFile((database, embeddingModel: string) =>
    createSqliteSearchIndex({ database, embeddingModel }),
  ),
);
