import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore } from '../blob-store.ts';
import type { DocumentStore } from '../document-store.ts';
import { openDatabase, type Database } from '../embedded/database.ts';
import { createFileBlobStore } from '../embedded/file-blob-store.ts';
import { createSqliteDocumentStore } from '../embedded/sqlite-document-store.ts';
import { createSqliteSearchIndex } from '../embedded/sqlite-search-index.ts';
import type { SearchIndex } from '../search-index.ts';

export type TemporaryStorage = {
  /** Holds `berkas.db` and `blobs/`. */
  readonly folder: string;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly documents: DocumentStore;
  readonly search: SearchIndex;
  /** Closes the database and removes the folder. Safe to repeat. */
  dispose(): Promise<void>;
};

/** The embedded adapters on a new folder: fast enough to stand in for any others in a test. */
export async function createTemporaryStorage(
  options: { readonly embeddingModel?: string } = {},
): Promise<TemporaryStorage> {
  const folder = await mkdtemp(join(tmpdir(), 'berkas-storage-'));
  const database = openDatabase({ path: join(folder, 'berkas.db') });
  return {
    folder,
    database,
    blobs: createFileBlobStore({ folder: join(folder, 'blobs') }),
    documents: createSqliteDocumentStore({ database }),
    search: createSqliteSearchIndex({
      database,
      embeddingModel: options.embeddingModel ?? 'test-embedding-model',
    }),
    dispose: async () => {
      database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
