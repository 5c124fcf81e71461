import type { CollectionDefinition, FindOptions, StoredDocument } from './document-store.ts';
import { StorageError } from './storage-error.ts';
import { isStorableIdentifier, MAX_IDENTIFIER_LENGTH } from './storable-identifier.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** A `find` with its defaults filled in. */
export type ResolvedFind = {
  /** Field and wanted value, in the order of the definition's indexes. */
  readonly where: readonly (readonly [field: string, value: string])[];
  readonly afterId: string | undefined;
  readonly limit: number;
};

/** Throws `invalid_collection` for names that not every adapter can hold. */
export function assertCollectionDefinition(definition: {
  readonly name: string;
  readonly indexes: readonly string[];
}): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(definition.name) || definition.name.length > 64) {
    throw new StorageError(
      'invalid_collection',
      `A collection's name is kebab-case and at most 64 characters: ${JSON.stringify(definition.name)}`,
    );
  }
  const wrong = definition.indexes.find((field) => !/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(field));
  if (wrong !== undefined) {
    throw new StorageError(
      'invalid_collection',
      `Collection "${definition.name}": an indexed field is a plain word: ${JSON.stringify(wrong)}`,
    );
  }
}

/** Throws `invalid_document` unless the id can be stored and compared in every adapter. */
export function assertDocumentId(collection: string, id: unknown): void {
  if (isStorableIdentifier(id)) return;
  throw new StorageError(
    'invalid_document',
    `Collection "${collection}": an id is a string of 1 to ${MAX_IDENTIFIER_LENGTH} characters ` +
      `without NUL or broken Unicode: ${JSON.stringify(id)}`,
  );
}

/** Throws `invalid_document` when a change moved the document to another id. */
export function assertSameId(collection: string, id: string, next: StoredDocument): void {
  if (next.id === id) return;
  throw new StorageError(
    'invalid_document',
    `Collection "${collection}": a change to "${id}" answered a document "${next.id}".`,
  );
}

/** Throws `invalid_query` for fields that have no index and limits out of range. */
export function resolveFind<Document extends StoredDocument>(
  definition: CollectionDefinition<Document>,
  options: FindOptions<Document>,
): ResolvedFind {
  const limit = options.limit ?? DEFAULT_LIMIT;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new StorageError('invalid_query', `limit is a whole number from 1 to ${MAX_LIMIT}.`);
  }
  const wanted: Readonly<Record<string, string | undefined>> = options.where ?? {};
  const indexes: readonly string[] = definition.indexes;
  for (const [field, value] of Object.entries(wanted)) {
    if (indexes.includes(field) && typeof value === 'string') continue;
    throw new StorageError(
      'invalid_query',
      `Collection "${definition.name}" can be searched for strings in its indexed fields ` +
        `(${indexes.join(', ') || 'none'}), not by "${field}" = ${JSON.stringify(value)}.`,
    );
  }
  const where = indexes.flatMap((field) => {
    const value = Object.hasOwn(wanted, field) ? wanted[field] : undefined;
    return value === undefined ? [] : [[field, value] as const];
  });
  return { where, afterId: options.afterId, limit };
}
