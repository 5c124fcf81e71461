import { backOffMs, delay } from '@berkas/service-kit';
import type { Collection as MongoCollection, OptionalUnlessRequiredId } from 'mongodb';
import type { DocumentRecord } from './document-record.ts';
import { isDuplicateKey } from './translate-mongo-error.ts';

const CONTENTION_BACK_OFF = { initialMs: 2, maximumMs: 100 };

/**
 * Repeats `attempt` until it answers, with jittered waits: each round of writers on one document
 * lets one through. Ends with `undefined` when the signal is aborted.
 */
export async function untilSwapped<Answer>(
  signal: AbortSignal,
  attempt: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  for (let attempts = 1; !signal.aborted; attempts += 1) {
    const answer = await attempt();
    if (answer !== undefined) return answer;
    await delay(backOffMs(CONTENTION_BACK_OFF, attempts), signal);
  }
  return undefined;
}

/**
 * Writes the next record if the current one is still there, or is still missing; answers whether
 * it did.
 */
export type Swap = (current: DocumentRecord | undefined, next: DocumentRecord) => Promise<boolean>;

/** For MongoDB, which finds and replaces a document in one step. */
export function createSwap(records: MongoCollection<DocumentRecord>): Swap {
  return async (current, next) => {
    if (current === undefined) return insertNew(records, next);
    const { revision } = current;
    const result = await records.replaceOne({ _id: next._id, revision }, next);
    return result.matchedCount === 1;
  };
}

/** Answers whether the id was new. */
export async function insertNew<Record extends { _id: string }>(
  collection: MongoCollection<Record>,
  record: OptionalUnlessRequiredId<Record>,
): Promise<boolean> {
  try {
    await collection.insertOne(record);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
