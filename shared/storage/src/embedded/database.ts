import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '@berkas/service-kit';
import Libsql from 'libsql';
import { StorageError } from '../storage-error.ts';
import { translateDatabaseError } from './translate-error.ts';

export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Record<string, unknown>;

/**
 * One connection to the embedded database file, synchronous. Other connections to the same file
 * may live in the same thread: a transaction has to end before its function returns, and waiting
 * for another process's lock blocks the thread.
 */
export interface Database {
  /** Answers how many rows it changed. */
  run(sql: string, ...parameters: SqlValue[]): number;
  get(sql: string, ...parameters: SqlValue[]): SqlRow | undefined;
  all(sql: string, ...parameters: SqlValue[]): SqlRow[];
  /** All of it or nothing: takes the write lock at once, commits when `work` returns. */
  transaction<Result>(work: () => Result): Result;
  /** Reads one state of the data; whatever `work` writes, temporary tables say, is undone. */
  snapshot<Result>(work: () => Result): Result;
  /** Safe to repeat. */
  close(): void;
}

export type OpenDatabaseOptions = {
  /** Its folder is made when missing. */
  readonly path: string;
  /** How long to wait for another process's write lock, blocking the thread. Default 5,000. */
  readonly busyTimeoutMs?: number;
};

/**
 * Opens or creates the file. Commits survive the death of the process; after a power cut the last
 * ones may be missing, and the file is whole (WAL with `synchronous=NORMAL`).
 *
 * Throws `storage_unusable` when the file cannot be opened or is not a database.
 */
export function openDatabase(options: OpenDatabaseOptions): Database {
  const connection = connect(options);
  const statements = new Map<string, Libsql.Statement>();
  let open = true;

  const guarded = <Result>(call: () => Result): Result => {
    if (!open) throw new StorageError('storage_closed', `${options.path} was closed.`);
    try {
      return call();
    } catch (error) {
      throw translateDatabaseError(error, options.path);
    }
  };
  // Statements are few and written in code, so that the cache needs no bound.
  const prepared = (sql: string): Libsql.Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = connection.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const within = <Result>(begin: string, end: string, work: () => Result): Result => {
    if (open && connection.inTransaction) throw new Error('Transactions do not nest.');
    guarded(() => prepared(begin).run([]));
    try {
      const result = work();
      guarded(() => prepared(end).run([]));
      return result;
    } finally {
      // SQLite itself rolls back on a full disk, among others.
      if (open && connection.inTransaction) guarded(() => prepared('ROLLBACK').run([]));
    }
  };

  return {
    run: (sql, ...parameters) => guarded(() => prepared(sql).run(parameters).changes),
    get: (sql, ...parameters) =>
      guarded(() => withoutMetadata(prepared(sql).get(parameters) as SqlRow | undefined)),
    all: (sql, ...parameters) => guarded(() => prepared(sql).all(parameters) as SqlRow[]),
    transaction: (work) => within('BEGIN IMMEDIATE', 'COMMIT', work),
    snapshot: (work) => within('BEGIN', 'ROLLBACK', work),
    close: () => {
      if (!open) return;
      open = false;
      statements.clear();
      connection.close();
    },
  };
}

function connect({ path, busyTimeoutMs = 5_000 }: OpenDatabaseOptions): Libsql.Database {
  let connection: Libsql.Database | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    connection = new Libsql(path);
    connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    connection.exec('PRAGMA journal_mode = WAL');
    connection.exec('PRAGMA synchronous = NORMAL');
    connection.exec('PRAGMA temp_store = MEMORY');
    // Erasing a candidate leaves no readable remains in free pages.
    connection.exec('PRAGMA secure_delete = ON');
    return connection;
  } catch (error) {
    connection?.close();
    const translated = translateDatabaseError(error, path);
    if (translated instanceof StorageError) throw translated;
    const message = `The database ${path} cannot be opened: ${messageOf(error)}`;
    throw new StorageError('storage_unusable', message, { cause: error });
  }
}

/** libsql adds the duration of the query to a single row. */
function withoutMetadata(row: SqlRow | undefined): SqlRow | undefined {
  if (row === undefined) return undefined;
  const columns = { ...row };
  delete columns['_metadata'];
  return columns;
}

/**
 * The synchronous work as a promise, begun after the caller's current turn: a throw becomes a
 * rejection, and a call made inside another one's transaction does not become part of it.
 */
export const inOwnTurn = <Result>(work: () => Result): Promise<Result> =>
  Promise.resolve().then(work);
