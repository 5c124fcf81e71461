import type { MongoDocumentStore, MongoDocumentStoreOptions } from './mongo-document-store.ts';

export type { MongoDocumentStore, MongoDocumentStoreOptions } from './mongo-document-store.ts';

/**
 * Loads the client only now: without it, whoever uses the embedded adapters starts faster by half a
 * second and needs some 30 MB less. Rejects with a `StorageError` `storage_unusable` for options
 * that are wrong in themselves; it connects to nothing yet.
 *
 * See `openMongoDocumentStore` for what it promises.
 */
export async function createMongoDocumentStore(
  options: MongoDocumentStoreOptions,
): Promise<MongoDocumentStore> {
  const { openMongoDocumentStore } = await import('./mongo-document-store.ts');
  return openMongoDocumentStore(options);
}
