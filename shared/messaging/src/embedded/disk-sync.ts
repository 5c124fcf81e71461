import { open, type FileHandle } from 'node:fs/promises';
import { BusError } from '../bus-error.ts';

/** Forces to disk what was written to one file. */
export interface DiskSync {
  /** Resolves once everything written before the call is on disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

type Syncing = { datasync(): Promise<void>; close(): Promise<void> };

/**
 * Off the main thread, and shared: calls made while a sync is under way all wait for the one that
 * follows it, since the one under way may have begun before their writes. The file is opened at the
 * first sync, when it is sure to exist. Rejects with a `BusError` `bus_unavailable`.
 */
export function createDiskSync(
  path: string,
  openFile: (path: string) => Promise<Syncing> = (name): Promise<FileHandle> => open(name, 'r+'),
): DiskSync {
  let file: Promise<Syncing> | undefined;
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    try {
      file ??= openFile(path).catch((error: unknown) => {
        // The next sync tries anew: what cannot be opened now may be soon.
        file = undefined;
        throw error;
      });
      await (await file).datasync();
    } catch (error) {
      throw new BusError('bus_unavailable', 'The event log could not be forced to disk.', {
        cause: error,
      });
    }
  };
  const start = (): Promise<void> => {
    running = run().finally(() => {
      running = undefined;
    });
    return running;
  };
  const follow = async (before: Promise<void>): Promise<void> => {
    await before.catch(() => undefined);
    following = undefined;
    await start();
  };

  return {
    sync: () => (running === undefined ? start() : (following ??= follow(running))),
    close: async () => {
      await (following ?? running)?.catch(() => undefined);
      await (await file?.catch(() => undefined))?.close();
    },
  };
}
