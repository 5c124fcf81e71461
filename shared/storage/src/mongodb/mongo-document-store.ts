import { messageOf } from '@berkas/service-kit';
import { MongoClient, ObjectId, type Collection as MongoCollection, type Db } from 'mongodb';
import { withinDeadline } from '../deadline.ts';
import { assertCollectionDefinition } from '../document-rules.ts';
import type {
  Collection,
  CollectionDefinition,
  DocumentStore,
  StoredDocument,
} from '../document-store.ts';
import { StorageError } from '../storage-error.ts';
import { createClaimedSwap, needsClaims } from './claimed-swap.ts';
import { createSwap, type Swap } from './compare-and-swap.ts';
import type { DocumentRecord } from './document-record.ts';
import { ensureIndexes } from './ensure-indexes.ts';
import { createMongoCollection, type Ask } from './mongo-collection.ts';
import { translateMongoError } from './translate-mongo-error.ts';

export type MongoDocumentStoreOptions = {
  /** Such as `mongodb://127.0.0.1:27017`. */
  readonly url: string;
  readonly database: string;
  /** For each call, a `modify` with its repeats included. */
  readonly timeoutMs: number;
};

export interface MongoDocumentStore extends DocumentStore {
  /**
   * Resolves when the server answers and takes writes from us. Rejects as retryable while it is
   * away or has no primary, and with `storage_read_only` when we may not write.
   */
  ready(): Promise<void>;
}

/** A collection that is never made. */
const READINESS = 'readiness';

/**
 * Documents in a MongoDB database, a collection each. Needs no transactions, so that a standalone
 * server will do. Connects with the first call.
 *
 * A write that ends with `storage_unavailable` may have taken effect all the same, as with any
 * server: whoever repeats it must not mind, as with `insert` and changes that look first.
 */
export function openMongoDocumentStore(options: MongoDocumentStoreOptions): MongoDocumentStore {
  const { timeoutMs } = options;
  const { client, database } = connect(options);
  let closed = false;

  const ask: Ask = (action, request) => {
    if (closed) {
      const message = `Could not ${action}: the document store is closed.`;
      return Promise.reject(new StorageError('storage_closed', message));
    }
    return withinDeadline(timeoutMs, action, async (signal) => {
      try {
        // By itself the client never connects again once its first connection has failed.
        await client.connect();
        return await request(signal);
      } catch (error) {
        throw translateMongoError(error, action);
      }
    });
  };

  /** Its indexes are made and filled, which looks through all of it. */
  const open = async <Document extends StoredDocument>(
    definition: CollectionDefinition<Document>,
  ): Promise<Collection<Document>> => {
    const records = database.collection<DocumentRecord>(definition.name);
    const swap = await swapFor(ask, database, records);
    await ensureIndexes(ask, records, swap, definition.indexes);
    return createMongoCollection(ask, records, swap, definition);
  };
  // Handlers ask for their collection with every event: it is opened once, so that
  // its writers take turns and notice claims that nobody holds; and again after a failure.
  const opened = new Map<string, Promise<unknown>>();

  return {
    collection: async <Document extends StoredDocument>(
      definition: CollectionDefinition<Document>,
    ) => {
      assertCollectionDefinition(definition);
      const key = JSON.stringify([definition.name, ...definition.indexes]);
      const opening = opened.get(key) ?? open(definition);
      opened.set(key, opening);
      try {
        return (await opening) as Collection<Document>;
      } catch (error) {
        if (opened.get(key) === opening) opened.delete(key);
        throw error;
      }
    },
    ready: async () => {
      // A write that finds nothing to remove: it needs the primary and the right, and leaves no trace.
      await ask('write to the document store', () =>
        database.collection(READINESS).deleteOne({ _id: new ObjectId() }),
      );
    },
    close: async () => {
      closed = true;
      await client.close();
    },
  };
}

async function swapFor(
  ask: Ask,
  database: Db,
  records: MongoCollection<DocumentRecord>,
): Promise<Swap> {
  const build = await ask('ask for the server', () => database.command({ buildInfo: 1 }));
  const swap = createSwap(records);
  return needsClaims(build) ? createClaimedSwap(records, swap) : swap;
}

function connect(options: MongoDocumentStoreOptions): { client: MongoClient; database: Db } {
  const { timeoutMs } = options;
  try {
    const client = new MongoClient(options.url, {
      serverSelectionTimeoutMS: timeoutMs,
      connectTimeoutMS: timeoutMs,
      socketTimeoutMS: timeoutMs,
      waitQueueTimeoutMS: timeoutMs,
      // What was answered must survive the loss of the primary.
      writeConcern: { w: 'majority' },
    });
    return { client, database: client.db(options.database) };
  } catch (error) {
    const message = `Not an address of MongoDB: ${messageOf(error)}`;
    throw new StorageError('storage_unusable', message, { cause: error });
  }
}
