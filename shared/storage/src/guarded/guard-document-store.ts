import type { Breaker } from '@berkas/service-kit';
import type { Collection, DocumentStore, StoredDocument } from '../document-store.ts';

/** The same store, each call of which goes through the breaker, those of its collections too. */
export function guardDocumentStore(store: DocumentStore, breaker: Breaker): DocumentStore {
  // Opening one asks the server; later the store answers it from memory, which says nothing of it.
  const opened = new Set<string>();
  return {
    collection: async (definition) => {
      const key = JSON.stringify([definition.name, ...definition.indexes]);
      const open = () => store.collection(definition);
      const collection = opened.has(key) ? await open() : await breaker.run(open);
      opened.add(key);
      return guardCollection(collection, breaker);
    },
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
    modify: (id, change) => breaker.run(() => collection.modify(id, change)),
    find: (options) => breaker.run(() => collection.find(options)),
    delete: (id) => breaker.run(() => collection.delete(id)),
  };
}
