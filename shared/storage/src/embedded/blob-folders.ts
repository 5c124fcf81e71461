import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@berkas/service-kit';
import { StorageError } from '../storage-error.ts';
import { codeOf, translateFileError } from './translate-error.ts';

export type BlobFolders = {
  /** Complete objects under their keys. */
  readonly objects: string;
  /** Objects on their way in. A folder of its own, so that no key can name one. */
  readonly incoming: string;
};

/** Names that this process is writing to now, in whichever store. */
const incomingNames = new Set<string>();

/** A name that no other process uses and that tells whose it is. */
export function claimIncomingName(): string {
  const name = `${process.pid}-${randomUUID()}`;
  incomingNames.add(name);
  return name;
}

export function releaseIncomingName(name: string): void {
  incomingNames.delete(name);
}

/**
 * Makes the folders and removes what a crash left half written. What a process that still lives is
 * writing stays: a command may run beside the services on the same folder.
 */
export function prepareFolders(folder: string): BlobFolders {
  const folders = { objects: join(folder, 'objects'), incoming: join(folder, 'incoming') };
  try {
    mkdirSync(folders.objects, { recursive: true, mode: 0o700 });
    mkdirSync(folders.incoming, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folders.incoming)) {
      if (!isBeingWritten(name)) rmSync(join(folders.incoming, name), { force: true });
    }
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'EEXIST' && code !== 'ENOTDIR') {
      throw translateFileError(error, `prepare the blob folder ${folder}`);
    }
    const message = `${folder} cannot be a blob folder: ${messageOf(error)}`;
    throw new StorageError('storage_unusable', message, { cause: error });
  }
  return folders;
}

function isBeingWritten(name: string): boolean {
  const processId = Number(/^(\d+)-/.exec(name)?.[1]);
  if (!Number.isSafeInteger(processId) || processId === 0) return false;
  // In a container the process before the crash had the same id.
  if (processId === process.pid) return incomingNames.has(name);
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
