import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const ServerFile = z.object({
  url: z.url(),
  /** Lets operators in, where the server made one of its own. */
  token: z.string().optional(),
});
export type ServerFile = z.infer<typeof ServerFile>;

const pathIn = (dataFolder: string): string => join(dataFolder, 'server.json');

/**
 * Says where the server on this data folder listens, so that other commands find it. Only the user
 * who runs it can read the file: it may hold the token for operators.
 */
export async function writeServerFile(dataFolder: string, server: ServerFile): Promise<void> {
  const path = pathIn(dataFolder);
  // A mode is given to new files alone; one that a server left behind may have another.
  const incoming = `${path}.incoming`;
  await rm(incoming, { force: true });
  await writeFile(incoming, JSON.stringify(server), { mode: 0o600 });
  await rename(incoming, path);
}

export const removeServerFile = (dataFolder: string): Promise<void> =>
  rm(pathIn(dataFolder), { force: true });

/** Where a server on this data folder said it listens; it may have died since without a word. */
export async function readServerFile(dataFolder: string): Promise<ServerFile | undefined> {
  try {
    return ServerFile.parse(JSON.parse(await readFile(pathIn(dataFolder), 'utf8')));
  } catch {
    return undefined;
  }
}
