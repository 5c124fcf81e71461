import { randomBytes } from 'node:crypto';
import { createClient } from '@berkas/cli/client';
import { setUpServers, startInstallation } from '@berkas/e2e/installation';
import { namesServers, removeNamespace, serverAddresses } from '@berkas/e2e/servers';
import { startEmbedded } from './embedded.ts';
import { residentBytes, type Server, type StartOptions } from './server.ts';

/** One way to run Berkas. */
export type System = {
  readonly name: 'embedded' | 'distributed';
  readonly start: (options?: StartOptions) => Promise<Server>;
};

/** The embedded system, and the six services on servers where their addresses are in the environment. */
export const systems = (): System[] => [
  { name: 'embedded', start: startEmbedded },
  ...(namesServers() ? [{ name: 'distributed', start: startDistributed } as const] : []),
];

async function startDistributed({
  environment = {},
  replicas = {},
}: StartOptions = {}): Promise<Server> {
  const namespace = `bench-${randomBytes(4).toString('hex')}`;
  const variables = { ...serverAddresses(), BERKAS_NAMESPACE: namespace, ...environment };
  await setUpServers(variables);
  const startedAt = performance.now();
  const installation = await startInstallation(variables, replicas);
  const readyMs = performance.now() - startedAt;
  const pids = [...installation.processes.values()].flat().map(({ pid }) => pid);
  return {
    client: createClient(installation.url),
    readyMs,
    residentBytes: async () =>
      (await Promise.all(pids.map(residentBytes))).reduce((sum, bytes) => sum + bytes, 0),
    stop: async () => {
      await installation.kill('SIGTERM');
      await removeNamespace(namespace);
    },
  };
}
