import { randomUUID } from 'node:crypto';
import { assertDocumentId } from '../document-rules.ts';
import type { StoredDocument } from '../document-store.ts';
import { StorageError } from '../storage-error.ts';

/** MongoDB's limit for a document is 16 MiB; the rest is for the id and the indexed fields. */
const MAX_BODY_BYTES = 15 * 1024 * 1024;

/**
 * A document as MongoDB holds it. The body is its JSON text: keys with `$` or `.`, the order of
 * keys and numbers come back exactly, whatever BSON makes of them.
 */
export type DocumentRecord = {
  _id: string;
  /** New with each write, so that a compare-and-swap notices any other, deletions included. */
  revision: string;
  body: string;
  /** The indexed fields, `false` for one that is no string: missing means not indexed yet. */
  indexed: Record<string, string | false>;
};

export function toRecord(
  definition: { readonly name: string; readonly indexes: readonly string[] },
  document: StoredDocument,
): DocumentRecord {
  assertDocumentId(definition.name, document.id);
  const body = JSON.stringify(document);
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) {
    throw new StorageError(
      'invalid_document',
      `Collection "${definition.name}": "${document.id}" is larger than ${MAX_BODY_BYTES} bytes.`,
    );
  }
  return {
    _id: document.id,
    revision: randomUUID(),
    body,
    indexed: Object.fromEntries(
      definition.indexes.map((field) => [field, indexedValueIn(body, document, field)]),
    ),
  };
}

/** As `find` will compare it: from the document as it is stored. */
function indexedValueIn(body: string, document: StoredDocument, field: string): string | false {
  const value = (document as Record<string, unknown>)[field];
  // An object may write itself as a string, a Date for one: its JSON tells.
  const stored: unknown =
    typeof value === 'object' && value !== null
      ? (JSON.parse(body) as Record<string, unknown>)[field]
      : value;
  return typeof stored === 'string' ? toIndexedValue(stored) : false;
}

export const indexedValueOf = (body: string, field: string): string | false =>
  indexedValueIn(body, JSON.parse(body) as StoredDocument, field);

/**
 * Escaped as in JSON, without the quotes: readable, and different for different strings, where
 * BSON would store all broken Unicode alike.
 */
export const toIndexedValue = (value: string): string => JSON.stringify(value).slice(1, -1);

export const indexedPath = (field: string): string => `indexed.${field}`;
