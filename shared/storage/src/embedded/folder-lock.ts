import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { StorageError } from '../storage-error.ts';

export interface FolderLock {
  /** Safe to repeat. */
  release(): void;
}

/**
 * Takes a data folder for this process alone: two servers on one folder would both deliver every
 * event. The lock is SQLite's own on a file in the folder, so the system lets go of it when the
 * process dies, however it dies: there is no stale lock to clean up.
 *
 * Throws `storage_in_use` when another process has it.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const connection = new Libsql(join(folder, 'lock.db'));
  try {
    connection.exec('PRAGMA busy_timeout = 0');
    connection.exec('PRAGMA locking_mode = EXCLUSIVE');
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    throw new StorageError(
      'storage_in_use',
      `The data folder ${folder} is in use by another Berkas. Stop that one, or set BERKAS_DATA_DIR to another folder.`,
      { cause: error },
    );
  }
  let held = true;
  return {
    release: () => {
      if (!held) return;
      held = false;
      connection.close();
    },
  };
}
