import type { Collection as MongoCollection, Filter } from 'mongodb';
import {
  assertDocumentId,
  assertSameId,
  resolveFind,
  type ResolvedFind,
} from '../document-rules.ts';
import type { Collection, CollectionDefinition, StoredDocument } from '../document-store.ts';
import { StorageError } from '../storage-error.ts';
import { insertNew, untilSwapped, type Swap } from './compare-and-swap.ts';
import { createTurns } from './in-turn.ts';
import { indexedPath, toIndexedValue, toRecord, type DocumentRecord } from './document-record.ts';

/** Makes a request with a deadline; errors of the driver come translated. */
export type Ask = <Answer>(
  action: string,
  request: (signal: AbortSignal) => Promise<Answer>,
) => Promise<Answer>;

export function createMongoCollection<Document extends StoredDocument>(
  ask: Ask,
  records: MongoCollection<DocumentRecord>,
  swap: Swap,
  definition: CollectionDefinition<Document>,
): Collection<Document> {
  const { name } = definition;
  const inTurn = createTurns();
  const parse = ({ body }: Pick<DocumentRecord, 'body'>): Document => JSON.parse(body) as Document;
  const read = async (id: string): Promise<DocumentRecord | undefined> =>
    (await records.findOne({ _id: id })) ?? undefined;

  /** One try; `undefined` when another writer was faster. */
  async function tryToModify<Next extends Document>(
    id: string,
    change: (current: Document | undefined) => Next,
  ): Promise<Next | undefined> {
    const record = await read(id);
    const current = record && parse(record);
    const next = change(current);
    if (next === current) return next;
    assertSameId(name, id, next);
    const nextRecord = toRecord(definition, next);
    return (await swap(record, nextRecord)) ? (parse(nextRecord) as Next) : undefined;
  }

  return {
    get: async (id) => {
      assertDocumentId(name, id);
      const record = await ask(`get "${id}" of ${name}`, () => read(id));
      return record && parse(record);
    },
    insert: async (document) => {
      const record = toRecord(definition, document);
      return ask(`insert into ${name}`, () => insertNew(records, record));
    },
    put: async (document) => {
      const record = toRecord(definition, document);
      // Read first, so that it takes its turn among those who modify.
      const tryToPut = async (): Promise<true | undefined> =>
        (await swap(await read(record._id), record)) || undefined;
      await ask(`put into ${name}`, (signal) =>
        inTurn(record._id, () => untilSwapped(signal, tryToPut)),
      );
    },
    modify: async <Next extends Document>(
      id: string,
      change: (current: Document | undefined) => Next,
    ) => {
      assertDocumentId(name, id);
      return ask(`modify "${id}" of ${name}`, async (signal) => {
        const stored = await inTurn(id, () => untilSwapped(signal, () => tryToModify(id, change)));
        // Nobody hears it: the deadline has already answered.
        if (stored === undefined) throw new StorageError('storage_busy', `"${id}" is contended.`);
        return stored;
      });
    },
    find: async (options = {}) => {
      const resolved = resolveFind(definition, options);
      const found = await ask(`find in ${name}`, () =>
        records
          .find(filterOf(resolved), { projection: { body: 1 } })
          .sort({ _id: 1 })
          .limit(resolved.limit)
          .batchSize(resolved.limit)
          .toArray(),
      );
      return found.map(parse);
    },
    delete: async (id) => {
      assertDocumentId(name, id);
      await ask(`delete "${id}" of ${name}`, () => records.deleteOne({ _id: id }));
    },
  };
}

function filterOf({ where, afterId }: ResolvedFind): Filter<DocumentRecord> {
  return Object.fromEntries([
    ...where.map(([field, value]) => [indexedPath(field), toIndexedValue(value)] as const),
    ...(afterId === undefined ? [] : [['_id', { $gt: afterId }] as const]),
  ]) as Filter<DocumentRecord>;
}
