import { randomUUID } from 'node:crypto';
import type { Collection as MongoCollection } from 'mongodb';
import type { Swap } from './compare-and-swap.ts';
import { indexedPath, indexedValueOf, type DocumentRecord } from './document-record.ts';
import type { Ask } from './mongo-collection.ts';

const PAGE = 200;

/**
 * Makes the indexes, and fills in the indexed fields of documents that were stored before there
 * was an index: a page at a time, and safe beside writers, since it leaves newer revisions alone.
 */
export async function ensureIndexes(
  ask: Ask,
  collection: MongoCollection<DocumentRecord>,
  swap: Swap,
  fields: readonly string[],
): Promise<void> {
  for (const field of fields) {
    await ask(`index "${field}"`, () =>
      collection.createIndex({ [indexedPath(field)]: 1, _id: 1 }),
    );
    while (await ask(`fill the index "${field}"`, () => fillPage(collection, swap, field)));
  }
}

/** Answers whether there may be more. */
async function fillPage(
  collection: MongoCollection<DocumentRecord>,
  swap: Swap,
  field: string,
): Promise<boolean> {
  const records = await collection
    .find({ [indexedPath(field)]: { $exists: false } }, { limit: PAGE, batchSize: PAGE })
    .toArray();
  for (const record of records) {
    const indexed = { ...record.indexed, [field]: indexedValueOf(record.body, field) };
    await swap(record, { ...record, revision: randomUUID(), indexed });
  }
  return records.length > 0;
}
