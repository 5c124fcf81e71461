import {
  assertCollectionDefinition,
  assertDocumentId,
  assertSameId,
  resolveFind,
  type ResolvedFind,
} from '../document-rules.ts';
import type {
  Collection,
  CollectionDefinition,
  DocumentStore,
  StoredDocument,
} from '../document-store.ts';
import { inOwnTurn, type Database, type SqlRow } from './database.ts';

export type SqliteDocumentStoreOptions = {
  /** Stays open when the store is closed: whoever opened it closes it. */
  readonly database: Database;
};

/** One table a collection: the id and the JSON text; indexed fields are read out of the JSON. */
export function createSqliteDocumentStore({ database }: SqliteDocumentStoreOptions): DocumentStore {
  const made = new Set<string>();
  return {
    collection: (definition) =>
      inOwnTurn(() => {
        assertCollectionDefinition(definition);
        // Handlers ask for their collection with every event: the table is made once.
        const key = JSON.stringify([definition.name, definition.indexes]);
        if (!made.has(key)) createTable(database, definition);
        made.add(key);
        return createCollection(database, definition);
      }),
    close: () => Promise.resolve(),
  };
}

type Definition = { readonly name: string; readonly indexes: readonly string[] };

// Names and fields are checked to be plain words before they come into SQL.
const tableOf = ({ name }: Definition): string => `"documents_${name}"`;
const fieldExpression = (field: string): string => `json_extract(body, '$.${field}')`;

function createTable(database: Database, definition: Definition): void {
  const table = tableOf(definition);
  database.transaction(() => {
    database.run(
      `CREATE TABLE IF NOT EXISTS ${table} (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID`,
    );
    for (const field of definition.indexes) {
      // A slash cannot be in a collection's name, so that no two indexes share a name.
      const index = `"documents_${definition.name}/${field}"`;
      database.run(
        `CREATE INDEX IF NOT EXISTS ${index} ON ${table} (${fieldExpression(field)}, id)`,
      );
    }
  });
}

function createCollection<Document extends StoredDocument>(
  database: Database,
  definition: CollectionDefinition<Document>,
): Collection<Document> {
  const table = tableOf(definition);
  const serialize = (document: StoredDocument): string => {
    assertDocumentId(definition.name, document.id);
    return JSON.stringify(document);
  };
  const parse = (row: SqlRow): Document => JSON.parse(row['body'] as string) as Document;
  const read = (id: string): Document | undefined => {
    const row = database.get(`SELECT body FROM ${table} WHERE id = ?`, id);
    return row === undefined ? undefined : parse(row);
  };
  const write = (id: string, body: string): void => {
    database.run(
      `INSERT INTO ${table} (id, body) VALUES (?, ?)
       ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
      id,
      body,
    );
  };

  return {
    get: (id) =>
      inOwnTurn(() => {
        assertDocumentId(definition.name, id);
        return read(id);
      }),
    insert: (document) =>
      inOwnTurn(() => {
        const body = serialize(document);
        const sql = `INSERT INTO ${table} (id, body) VALUES (?, ?) ON CONFLICT (id) DO NOTHING`;
        return database.run(sql, document.id, body) === 1;
      }),
    put: (document) => inOwnTurn(() => write(document.id, serialize(document))),
    modify: <Next extends Document>(id: string, change: (current?: Document) => Next) =>
      inOwnTurn(() => {
        assertDocumentId(definition.name, id);
        return database.transaction(() => {
          const current = read(id);
          const next = change(current);
          if (next === current) return next;
          assertSameId(definition.name, id, next);
          const body = serialize(next);
          write(id, body);
          return JSON.parse(body) as Next;
        });
      }),
    find: (options = {}) =>
      inOwnTurn(() => {
        const resolved = resolveFind(definition, options);
        return database.all(...findStatement(table, resolved)).map(parse);
      }),
    delete: (id) =>
      inOwnTurn(() => {
        assertDocumentId(definition.name, id);
        database.run(`DELETE FROM ${table} WHERE id = ?`, id);
      }),
  };
}

function findStatement(
  table: string,
  { where, afterId, limit }: ResolvedFind,
): [sql: string, ...parameters: (string | number)[]] {
  const conditions = [
    ...where.map(([field]) => `${fieldExpression(field)} = ?`),
    ...(afterId === undefined ? [] : ['id > ?']),
  ];
  const clause = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return [
    `SELECT body FROM ${table} ${clause} ORDER BY id LIMIT ?`,
    ...where.map(([, value]) => value),
    ...(afterId === undefined ? [] : [afterId]),
    limit,
  ];
}
