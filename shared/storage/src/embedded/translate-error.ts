import { messageOf } from '@berkas/service-kit';
import { StorageError, type StorageErrorCode } from '../storage-error.ts';

const FILE_CODES: Readonly<Record<string, StorageErrorCode>> = {
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
  EROFS: 'storage_read_only',
  EACCES: 'storage_read_only',
  EPERM: 'storage_read_only',
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
  ['SQLITE_READONLY', 'storage_read_only'],
  ['SQLITE_PERM', 'storage_read_only'],
  ['SQLITE_BUSY', 'storage_busy'],
  ['SQLITE_LOCKED', 'storage_busy'],
  ['SQLITE_IOERR', 'storage_unavailable'],
  ['SQLITE_CANTOPEN', 'storage_unavailable'],
  ['SQLITE_CORRUPT', 'storage_corrupt'],
  ['SQLITE_NOTADB', 'storage_unusable'],
];

export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** A `StorageError` for what a file system refuses; anything unknown stays as it is: a bug. */
export function translateFileError(error: unknown, action: string): unknown {
  const code = FILE_CODES[codeOf(error) ?? ''];
  if (code === undefined) return error;
  return new StorageError(code, `Could not ${action}: ${messageOf(error)}`, { cause: error });
}

/** A `StorageError` for what SQLite refuses; anything unknown stays as it is: a bug. */
export function translateDatabaseError(error: unknown, path: string): unknown {
  const sqliteCode = codeOf(error) ?? '';
  const code = DATABASE_CODES.find(([prefix]) => sqliteCode.startsWith(prefix))?.[1];
  if (code === undefined) return error;
  const message = `The database ${path} refused (${sqliteCode}): ${messageOf(error)}`;
  return new StorageError(code, message, { cause: error });
}
