import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBerkas, Variables } from '@berkas/cli';
import { createSqliteEventBus, type EventBus } from '@berkas/messaging';
import { createLogger, parseConfig } from '@berkas/service-kit';
import { createApi } from './api.ts';
import type { Environment } from './installation.ts';
import { namespaceOf, removeNamespace } from './servers.ts';
import { onServers, openBusOnServers, startOnServers } from './six-processes.ts';

export { BACKEND_JOB, createApi, fileAt } from './api.ts';
export type { Environment } from './installation.ts';

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'berkas-e2e-'));

/** The folder, and what was kept on the servers under its name. */
export async function removeFolder(folder: string): Promise<void> {
  if (onServers) await removeNamespace(namespaceOf(folder));
  await rm(folder, { recursive: true, force: true });
}

/**
 * The whole system on a folder of its own and a free port: in this process, or in the integration
 * run as six processes on the servers.
 */
export async function startBerkas(environment: Environment = {}) {
  const folder = environment['BERKAS_DATA_DIR'] ?? (await temporaryFolder());
  const { url, stop } = onServers
    ? await startOnServers(folder, environment)
    : await startInProcess(folder, environment);
  return {
    ...createApi(url),
    folder,
    stop,
    dispose: async () => {
      await stop();
      await removeFolder(folder);
    },
  };
}

export type BerkasUnderTest = Awaited<ReturnType<typeof startBerkas>>;

async function startInProcess(folder: string, environment: Environment) {
  const variables = parseConfig(Variables, {
    PORT: '0',
    LOG_LEVEL: 'silent',
    ...environment,
    BERKAS_DATA_DIR: folder,
  });
  const berkas = createBerkas(variables, { logger: createLogger({ level: variables.LOG_LEVEL }) });
  const { url } = await berkas.start();
  return { url, stop: () => berkas.stop() };
}

/** The event log of a stopped system, to look at. */
export const openBus = (folder: string): EventBus =>
  onServers
    ? openBusOnServers(folder)
    : createSqliteEventBus({
        path: join(folder, 'berkas.db'),
        logger: createLogger({ level: 'silent' }),
      });
