import { messageOf } from '@berkas/service-kit';
import { StorageError, type StorageErrorCode } from '../storage-error.ts';

// What may not be written to is waited for like a full disk: the system itself makes a failing disk
// read-only, and what was accepted is finished once someone has mended it.
const FILE_CODES: Readonly<Record<string, StorageErrorCode>> = {
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
  // The limit on the size of a file, `ulimit -f`.
  EFBIG: 'storage_full',
  EROFS: 'storage_unavailable',
  EACCES: 'storage_unavailable',
  EPERM: 'storage_unavailable',
  EIO: 'storage_unavailable',
  // Our own folders are made at the start: if they are gone, so is the volume, for now.
  ENOENT: 'storage_unavailable',
  EMFILE: 'storage_unavailable',
  ENFILE: 'storage_unavailable',
  EBUSY: 'storage_busy',
};

/** Primary result codes of SQLite; the extended ones start with them. */
const DATABASE_CODES: readonly (readonly [prefix: string, code: StorageErrorCode])[] = [
  ['SQLITE_FULL', 'storage_full'],
  ['SQLITE_READONLY', 'storage_unavailable'],
  ['SQLITE_PERM', 'storage_unavailable'],
  ['SQLITE_BUSY', 'storage_busy'],
  ['SQLITE_LOCKED', 'storage_busy'],
  ['SQLITE_IOERR', 'storage_unavailable'],
  ['SQLITE_CANTOPEN', 'storage_unavailable'],
  ['SQLITE_CORRUPT', 'storage_corrupt'],
  ['SQLITE_NOTADB', 'storage_unusable'],
];

const FREE_SPACE = 'The disk or the quota is full: free some space.';
const LET_US_WRITE = 'Let this user write to its folder, and mount its disk writable.';
/** What to do, where the system's own words leave it open. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: FREE_SPACE,
  EDQUOT: FREE_SPACE,
  EFBIG: FREE_SPACE,
  SQLITE_FULL: FREE_SPACE,
  EROFS: LET_US_WRITE,
  EACCES: LET_US_WRITE,
  EPERM: LET_US_WRITE,
  SQLITE_READONLY: LET_US_WRITE,
  SQLITE_PERM: LET_US_WRITE,
  SQLITE_CANTOPEN: LET_US_WRITE,
};

export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** A `StorageError` for what a file system refuses; anything unknown stays as it is: a bug. */
export function translateFileError(error: unknown, action: string): unknown {
  const code = FILE_CODES[codeOf(error) ?? ''];
  if (code === undefined) return error;
  const message = advised(`Could not ${action}: ${messageOf(error)}`, codeOf(error));
  return new StorageError(code, message, { cause: error });
}

/** A `StorageError` for what SQLite refuses; anything unknown stays as it is: a bug. */
export function translateDatabaseError(error: unknown, path: string): unknown {
  const sqliteCode = codeOf(error) ?? '';
  const code = DATABASE_CODES.find(([prefix]) => sqliteCode.startsWith(prefix))?.[1];
  if (code === undefined) return error;
  const message = advised(
    `The database ${path} refused (${sqliteCode}): ${messageOf(error)}`,
    sqliteCode,
  );
  return new StorageError(code, message, { cause: error });
}

function advised(message: string, systemCode = ''): string {
  // `SQLITE_READONLY_DBMOVED` is advised as `SQLITE_READONLY`.
  const advice = ADVICE[/^(?:SQLITE_)?[A-Z]+/.exec(systemCode)?.[0] ?? ''];
  return advice === undefined ? message : `${message}. ${advice}`;
}
