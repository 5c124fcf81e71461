import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const ServerFile = z.object({ url: z.url() });
const pathIn = (dataFolder: string): string => join(dataFolder, 'server.json');

/** Says where the server on this data folder listens, so that other commands find it. */
export const writeServerFile = (dataFolder: string, url: string): Promise<void> =>
  writeFile(pathIn(dataFolder), JSON.stringify({ url }));

export const removeServerFile = (dataFolder: string): Promise<void> =>
  rm(pathIn(dataFolder), { force: true });

/** Where a server on this data folder said it listens; it may have died since without a word. */
export async function readServerFile(dataFolder: string): Promise<string | undefined> {
  try {
    return ServerFile.parse(JSON.parse(await readFile(pathIn(dataFolder), 'utf8'))).url;
  } catch {
    return undefined;
  }
}
