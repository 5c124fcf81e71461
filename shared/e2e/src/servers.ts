import { basename } from 'node:path';
import type { Environment } from './installation.ts';

const ADDRESSES = [
  'KAFKA_BROKERS',
  'ELASTICSEARCH_URL',
  'MINIO_ENDPOINT',
  'MINIO_ACCESS_KEY',
  'MINIO_SECRET_KEY',
  'MONGODB_URL',
] as const;

/** The servers' addresses, as the environment has them. Throws where one is missing: never a skip. */
export function serverAddresses(): Environment {
  const missing = ADDRESSES.filter((name) => (process.env[name] ?? '') === '');
  if (missing.length > 0) throw new Error(`Set ${missing.join(', ')} to run on real servers.`);
  return Object.fromEntries(ADDRESSES.map((name) => [name, process.env[name] ?? '']));
}

/** Whether the environment has them all. */
export const namesServers = (): boolean =>
  ADDRESSES.every((name) => (process.env[name] ?? '') !== '');

/** What is kept under a folder elsewhere is kept under a namespace of that name on the servers. */
export const namespaceOf = (folder: string): string => basename(folder).toLowerCase();

/** Removes what an installation left on the servers. */
export async function removeNamespace(namespace: string): Promise<void> {
  const addresses = serverAddresses();
  await Promise.all([
    removeTopics(`${namespace}.`),
    removeIndexes(addresses['ELASTICSEARCH_URL'] ?? '', namespace),
  ]);
  // Its bucket and its database are small and cost the servers nothing.
}

/** Those whose names begin so. */
export async function removeTopics(prefix: string): Promise<void> {
  const brokers = serverAddresses()['KAFKA_BROKERS'] ?? '';
  const { Kafka, logLevel } = await import('kafkajs');
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.disconnect();
}

async function removeIndexes(url: string, namespace: string): Promise<void> {
  const listed = await fetch(new URL(`/_alias/${namespace}`, url));
  if (!listed.ok) return;
  for (const index of Object.keys((await listed.json()) as object)) {
    await fetch(new URL(`/${index}`, url), { method: 'DELETE' });
  }
}
