import type { Breaker } from '@berkas/service-kit';
import type { Collection, DocumentStore, StoredDocument } from '../document-store.ts';

/** The same store, each call of which goes through the breaker, those of its collections too. */
export function guardDocumentStore(store: DocumentStore, breaker: Breaker): DocumentStore {
  return {
    collection: async (definition) =>
      guardCollection(await breaker.run(() => store.collection(definition)), breaker),
    close: () => store.close(),
  };
}

function guardCollection<Document extends StoredDocument>(
  collection: Collection<Document>,
  breaker: Breaker,
): Collection<Document> {
  return {
    get: (id) => breaker.run(() => collection.get(id)),
    insert: (document) => breaker.run(() => collection.insert(document)),
    put: (document) => breaker.run(() => collection.put(document)),
    // A change that throws does so with an error of its own, which is no failure of the server.
    modify: (id, change) => breaker.run(() => collection.modify(id, change)),
    find: (options) => breaker.run(() => collection.find(options)),
    delete: (id) => breaker.run(() => collection.delete(id)),
  };
}
