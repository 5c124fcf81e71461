import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@berkas/service-kit';
import Libsql from 'libsql';
import { StorageError } from '../storage-error.ts';
import { codeOf, translateDatabaseError, translateFileError } from './translate-error.ts';

export interface FolderLock {
  /** Safe to repeat. */
  release(): void;
}

/** With less room than this nothing could be accepted: better said at the start. */
const NEEDED_BYTES = 1024 * 1024;
const ELSEWHERE = 'Or set BERKAS_DATA_DIR to another folder.';

/**
 * Takes a data folder for this process alone: two servers on one folder would both deliver every
 * event. The lock is SQLite's own on a file in the folder, so the system lets go of it when the
 * process dies, however it dies: there is no stale lock to clean up.
 *
 * Throws a `StorageError`: `storage_in_use` when another process has it, `storage_full` and
 * `storage_unavailable` when it cannot be written to, `storage_unusable` when it is none.
 */
export function lockFolder(folder: string): FolderLock {
  prepare(folder);
  const connection = lock(folder, join(folder, 'lock.db'));
  let held = true;
  return {
    release: () => {
      if (!held) return;
      held = false;
      connection.close();
    },
  };
}

/** SQLite tells a full disk and one that is read-only badly apart: the file system says it first. */
function prepare(folder: string): void {
  const probe = join(folder, `probe-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(probe, new Uint8Array(NEEDED_BYTES));
    } finally {
      rmSync(probe, { force: true });
    }
  } catch (error) {
    throw cannotUse(folder, translateFileError(error, `write to the data folder ${folder}`));
  }
}

function lock(folder: string, path: string): Libsql.Database {
  let connection: Libsql.Database | undefined;
  try {
    connection = new Libsql(path);
    connection.exec('PRAGMA busy_timeout = 0');
    connection.exec('PRAGMA locking_mode = EXCLUSIVE');
    connection.exec('BEGIN EXCLUSIVE');
    return connection;
  } catch (error) {
    connection?.close();
    if (codeOf(error)?.startsWith('SQLITE_BUSY') !== true) {
      throw cannotUse(folder, translateDatabaseError(error, path));
    }
    throw new StorageError(
      'storage_in_use',
      `The data folder ${folder} is in use by another Berkas. Stop that one, or set BERKAS_DATA_DIR to another folder.`,
      { cause: error },
    );
  }
}

function cannotUse(folder: string, error: unknown): StorageError {
  if (error instanceof StorageError) {
    return new StorageError(error.code, `${error.message} ${ELSEWHERE}`, { cause: error });
  }
  return new StorageError(
    'storage_unusable',
    `${folder} cannot be the data folder: ${messageOf(error)}. Make room for it there. ${ELSEWHERE}`,
    { cause: error },
  );
}
