import { createHash } from 'node:crypto';
import { mkdir, open as openFile, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assertBlobKey } from '../blob-key.ts';
import type { BlobStore, StoredBlob } from '../blob-store.ts';
import { BlobNotFoundError, StorageError } from '../storage-error.ts';
import { claimIncomingName, prepareFolders, releaseIncomingName } from './blob-folders.ts';
import { codeOf, translateFileError } from './translate-error.ts';

export type FileBlobStoreOptions = {
  /** Made when missing; `objects/` in it holds each object under its key. */
  readonly folder: string;
  /** Opens the files that are written, so that a test can have a full or failing disk. */
  readonly open?: typeof openFile;
};

type BlobContent = AsyncIterable<Uint8Array> | Uint8Array;

/** A key is a folder of other keys, or lies below an object: a file cannot be both. */
const KEY_CONFLICTS: readonly (string | undefined)[] = ['ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY'];
const NO_OBJECT: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'EISDIR'];

/**
 * Objects as files. Content is written beside them first, flushed to the disk and then renamed into
 * place, so that a crash or a power cut leaves the old object or the new one, never a part.
 *
 * Throws a `StorageError` when the folder cannot be used.
 */
export function createFileBlobStore({ folder, open = openFile }: FileBlobStoreOptions): BlobStore {
  const folders = prepareFolders(folder);
  const pathOf = (key: string): string => {
    assertBlobKey(key);
    return join(folders.objects, key);
  };

  return {
    put: async (key, content) => {
      const path = pathOf(key);
      const incomingName = claimIncomingName();
      const incoming = join(folders.incoming, incomingName);
      try {
        const stored = await writeFlushed(incoming, content, open);
        await onDisk(`move "${key}" into place`, () => moveDurably(incoming, path, key));
        return stored;
      } catch (error) {
        await rm(incoming, { force: true }).catch(() => undefined);
        throw error;
      } finally {
        releaseIncomingName(incomingName);
      }
    },
    get: async (key) => {
      const path = pathOf(key);
      return onDisk(`read "${key}"`, async () => {
        const { buffer, byteOffset, byteLength } = await readFile(path).catch((error: unknown) => {
          if (NO_OBJECT.includes(codeOf(error))) throw new BlobNotFoundError(key, { cause: error });
          throw error;
        });
        return new Uint8Array(buffer, byteOffset, byteLength);
      });
    },
    exists: async (key) => {
      const path = pathOf(key);
      return onDisk(`look for "${key}"`, () => unlessMissing(isFile(path), false));
    },
    delete: async (key) => {
      const path = pathOf(key);
      await onDisk(`delete "${key}"`, () => unlessMissing(deleteDurably(path), undefined));
    },
  };
}

async function onDisk<Result>(action: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw translateFileError(error, action);
  }
}

async function unlessMissing<Result>(work: Promise<Result>, otherwise: Result): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (NO_OBJECT.includes(codeOf(error))) return otherwise;
    throw error;
  }
}

/**
 * One chunk at a time: the next is asked for once this one is written, so that memory stays flat
 * and a slow disk slows the sender. Errors of the source come through as they are.
 */
async function writeFlushed(
  path: string,
  content: BlobContent,
  open: typeof openFile,
): Promise<StoredBlob> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await onDisk('begin a blob', () => open(path, 'wx', 0o600));
  try {
    for await (const chunk of chunksOf(content)) {
      if (!ArrayBuffer.isView(chunk)) throw new TypeError('The content of a blob is bytes.');
      hash.update(chunk);
      bytes += chunk.byteLength;
      await onDisk('write a blob', () => file.writeFile(chunk));
    }
    await onDisk('flush a blob', () => file.sync());
  } finally {
    await onDisk('close a blob', () => file.close());
  }
  return { bytes, sha256: hash.digest('hex') };
}

const chunksOf = (content: BlobContent): AsyncIterable<Uint8Array> | readonly Uint8Array[] =>
  ArrayBuffer.isView(content) ? [content] : content;

async function moveDurably(from: string, to: string, key: string): Promise<void> {
  const folder = dirname(to);
  try {
    const firstMade = await renameInto(from, to);
    await flushFolder(folder);
    if (firstMade !== undefined) await flushFoldersAbove(folder, dirname(firstMade));
  } catch (error) {
    if (!KEY_CONFLICTS.includes(codeOf(error))) throw error;
    const message = `"${key}" cannot be stored: another key lies above or below it.`;
    throw new StorageError('invalid_blob_key', message, { cause: error });
  }
}

/** Makes the folder only when it is missing, which it seldom is; answers the topmost one made. */
async function renameInto(from: string, to: string): Promise<string | undefined> {
  try {
    await rename(from, to);
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    const firstMade = await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rename(from, to);
    return firstMade;
  }
}

/** New folders are entries of the folders above them. */
async function flushFoldersAbove(folder: string, top: string): Promise<void> {
  for (let current = folder; current !== top;) {
    current = dirname(current);
    await flushFolder(current);
  }
}

async function flushFolder(folder: string): Promise<void> {
  // Windows has no such thing; its file system keeps the order by itself.
  if (process.platform === 'win32') return;
  const handle = await openFile(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isFile = async (path: string): Promise<boolean> => (await stat(path)).isFile();

async function deleteDurably(path: string): Promise<void> {
  // A folder of other keys is no object; what unlinking one says differs between systems.
  if (!(await isFile(path))) return;
  await unlink(path);
  await flushFolder(dirname(path));
}
