import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { entryOf, SERVICES, setUpServers } from '@berkas/e2e/installation';
import { removeNamespace } from '@berkas/e2e/servers';
import { Client as MinioClient } from 'minio';
import { createManagedProcess, freePort, type ManagedProcess } from './managed-process.ts';
import { openKept } from './open-kept.ts';
import type { FaultChoice } from './schedule.ts';
import { BROKERS, type Servers } from './servers.ts';
import type { Environment, StartSystem, System } from './system.ts';
import { spoilableConnection, type SpoiltConnection } from './toxics.ts';

const INSTANCES = 2;
const STORES = ['elasticsearch', 'minio', 'mongo'] as const;
const STORE_ADDRESS = {
  elasticsearch: 'ELASTICSEARCH_URL',
  minio: 'MINIO_ENDPOINT',
  mongo: 'MONGODB_URL',
} as const;

/** Two processes of each service, on servers that they reach through Toxiproxy (but for Kafka). */
export const startOnServers =
  (servers: Servers): StartSystem =>
  async ({ environment: given, folder, isCalm }) => {
    const namespace = `chaos-${randomBytes(4).toString('hex')}`;
    const { TOXIPROXY_URL: toxiproxy = '', ...addresses } = servers.addresses;
    const kept: Environment = {
      ...{ ...addresses, ...given },
      BERKAS_NAMESPACE: namespace,
      LOG_LEVEL: 'info',
    };
    await setUpServers(kept);
    const connections = new Map<string, SpoiltConnection>();
    const through: Record<string, string> = {};
    for (const store of STORES) {
      const address = addresses[STORE_ADDRESS[store]] ?? '';
      const { protocol, host } = new URL(address);
      const connection = await spoilableConnection(toxiproxy, `${namespace}-${store}`, host);
      connections.set(store, connection);
      through[STORE_ADDRESS[store]] = `${protocol}//${connection.address}`;
    }
    const environment = { ...kept, ...through, ...(isCalm ? {} : PATIENCE) };
    const processes = await startAll(environment, folder, isCalm ? 1 : INSTANCES);

    return {
      urls: processes.flatMap(({ name, url }) => (name.startsWith('gateway') ? [url] : [])),
      choices: choicesOf(processes),
      inject: injectorOf(servers, connections, processes),
      stop: async () => {
        await Promise.all(processes.map((process) => process.end('SIGTERM')));
        for (const connection of connections.values()) await connection.remove();
      },
      complaints: () => processes.flatMap(({ complaints }) => complaints),
      open: () => openKept(kept),
      blobKeys: () => blobKeysOf(kept, namespace),
      remove: async () => {
        // It finds the servers by the environment of this process.
        Object.assign(process.env, addresses);
        await removeNamespace(namespace);
      },
    };
  };

/** Short, so that a run of some minutes sees what they lead to. */
const PATIENCE: Environment = {
  KAFKA_SESSION_TIMEOUT_MS: '6000',
  STORAGE_TIMEOUT_MS: '5000',
};

async function startAll(
  environment: Environment,
  folder: string,
  instances: number,
): Promise<ManagedProcess[]> {
  const names = SERVICES.flatMap((service) =>
    Array.from({ length: instances }, (_, index) => ({ service, name: `${service}-${index + 1}` })),
  );
  const processes: ManagedProcess[] = [];
  for (const { service, name } of names) {
    const parameters = [entryOf(service)];
    const logPath = join(folder, `${name}.log`);
    const port = await freePort();
    processes.push(createManagedProcess({ name, parameters, environment, port, logPath }));
  }
  try {
    await Promise.all(processes.map((process) => process.start()));
    await Promise.all(processes.map((process) => process.ready()));
    return processes;
  } catch (error) {
    await Promise.all(processes.map((process) => process.end('SIGKILL')));
    throw error;
  }
}

function choicesOf(processes: readonly ManagedProcess[]): FaultChoice[] {
  const ofServer = (target: string, group: string): FaultChoice[] => [
    { kind: 'kill', target, group, lasts: [1, 8] },
    { kind: 'pause', target, group, lasts: [2, 12] },
  ];
  return [
    ...processes.flatMap(({ name: target }): FaultChoice[] => [
      { kind: 'kill', target, group: target, lasts: [0.5, 8] },
      { kind: 'pause', target, group: target, lasts: [1, 12] },
      { kind: 'terminate', target, group: target, lasts: [0.5, 5] },
    ]),
    ...BROKERS.flatMap((broker) => ofServer(broker, 'kafka')),
    ...STORES.flatMap((store) => [
      ...ofServer(store, store),
      ...(['latency', 'bandwidth', 'cut', 'half-open'] as const).map((kind): FaultChoice => ({
        kind,
        target: store,
        group: store,
        lasts: [2, 10],
      })),
    ]),
  ];
}

function injectorOf(
  servers: Servers,
  connections: ReadonlyMap<string, SpoiltConnection>,
  processes: readonly ManagedProcess[],
): System['inject'] {
  return async ({ kind, target }) => {
    const connection = connections.get(target);
    if (kind === 'latency' || kind === 'bandwidth' || kind === 'cut' || kind === 'half-open') {
      await connection?.spoil(kind);
      return () => connection?.mend();
    }
    const process = processes.find(({ name }) => name === target);
    if (process === undefined) {
      await servers.run(kind === 'pause' ? 'pause' : 'kill', target);
      return () => servers.run(kind === 'pause' ? 'resume' : 'start', target);
    }
    if (kind === 'pause') {
      process.send('SIGSTOP');
      return () => process.send('SIGCONT');
    }
    await process.end(kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
    return () => process.start();
  };
}

async function blobKeysOf(variables: Environment, bucket: string): Promise<string[]> {
  const { hostname, port } = new URL(variables['MINIO_ENDPOINT'] ?? '');
  const client = new MinioClient({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: variables['MINIO_ACCESS_KEY'] ?? '',
    secretKey: variables['MINIO_SECRET_KEY'] ?? '',
  });
  const keys: string[] = [];
  for await (const { name } of client.listObjectsV2(bucket, '', true) as AsyncIterable<{
    name?: string;
  }>) {
    if (name !== undefined) keys.push(name);
  }
  return keys;
}
