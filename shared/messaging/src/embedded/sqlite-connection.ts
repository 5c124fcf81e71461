import { messageOf } from '@berkas/service-kit';
import Database from 'libsql';
import { BusError } from '../bus-error.ts';

export type SqliteConnection = Database.Database;
export type SqliteStatement = Database.Statement;

/** Another connection of this process holds the write lock for microseconds; a second is a fault. */
const BUSY_TIMEOUT_MS = 2_000;

/**
 * Primary result codes that pass once someone has made room or mended the disk, if not by themselves:
 * PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN.
 */
const PASSING_RESULT_CODES: ReadonlySet<number> = new Set([3, 5, 6, 7, 8, 10, 13, 14]);

const LET_US_WRITE = 'Let this user write to its folder, and mount its disk writable.';
/** What to do, by primary result code. */
const ADVICE: Readonly<Record<number, string>> = {
  3: LET_US_WRITE,
  8: LET_US_WRITE,
  13: 'Free some space on its disk.',
  14: LET_US_WRITE,
};

/**
 * Opens the database that the log shares with the other embedded stores, making it if need be.
 * WAL with `synchronous=NORMAL`: a commit survives the death of the process at once, and a power cut
 * when the write-ahead log is forced to disk after it. All connections share that log, so forcing it
 * covers every earlier commit of any of them.
 */
export function openConnection(path: string): SqliteConnection {
  try {
    const connection = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    connection.exec('PRAGMA journal_mode = WAL');
    connection.exec('PRAGMA synchronous = NORMAL');
    return connection;
  } catch (error) {
    throw new BusError(
      'bus_failed',
      `The event log cannot be opened at ${path}: ${messageOf(error)}.${adviceOn(error)}`,
      { cause: error },
    );
  }
}

/** What the driver threw, as the bus says it; any other error comes back as it is. */
function translateSqliteError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  return new BusError(
    PASSING_RESULT_CODES.has(primaryCode(error)) ? 'bus_unavailable' : 'bus_failed',
    `The event log answered ${error.code}: ${error.message}.${adviceOn(error)}`,
    { cause: error },
  );
}

const primaryCode = ({ rawCode = 0 }: InstanceType<typeof Database.SqliteError>): number =>
  rawCode & 0xff;

function adviceOn(error: unknown): string {
  const advice = error instanceof Database.SqliteError ? ADVICE[primaryCode(error)] : undefined;
  return advice === undefined ? '' : ` ${advice}`;
}

/** Runs a statement or several; what the driver throws comes out as a `BusError`. */
export function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw translateSqliteError(error);
  }
}

/** Runs `work` in one write transaction: all of it or nothing. */
export function inTransaction<Result>(connection: SqliteConnection, work: () => Result): Result {
  return guarded(() => {
    connection.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      connection.exec('COMMIT');
      return result;
    } catch (error) {
      // A failed COMMIT may have ended the transaction already; a second ROLLBACK would hide why.
      if (connection.inTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  });
}
