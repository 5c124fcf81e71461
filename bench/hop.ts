import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteEventBus, type EventBus } from '@berkas/messaging';
import { createKafkaEventBus, ensureTopics } from '@berkas/messaging/kafka';
import { removeTopics, serverAddresses } from '@berkas/e2e/servers';
import { createLogger, delay } from '@berkas/service-kit';
import { median, milliseconds, quantile, type Figure } from './figures.ts';
import type { System } from './systems.ts';

/** About the size of an event with its envelope. */
const MESSAGE_BYTES = 700;
const GAP_MS = 20;
const WARM_UP = 20;

/** From the call of `publish` to the handler, one message at a time, acknowledged as durable. */
export async function benchHop(
  { name }: System,
  { messages }: { messages: number },
): Promise<Figure[]> {
  const { bus, topic, close } = name === 'embedded' ? await embeddedBus() : await kafkaBus();
  const arrivals = new Map<string, () => void>();
  await bus.subscribe({
    group: 'hop',
    topic,
    concurrency: 16,
    onMessage: (message) => Promise.resolve(arrivals.get(message.key)?.()),
  });
  const hops: number[] = [];
  for (let index = 0; index < WARM_UP + messages; index += 1) {
    const key = `k${index}`;
    const arrived = new Promise<void>((resolve) => arrivals.set(key, resolve));
    const publishedAt = performance.now();
    const value = new Uint8Array(MESSAGE_BYTES);
    await Promise.all([bus.publish([{ topic, key, headers: {}, value }]), arrived]);
    if (index >= WARM_UP) hops.push(performance.now() - publishedAt);
    await delay(GAP_MS);
  }
  await close();
  return [
    {
      what: `publish to handler (${messages} messages, one at a time), p50`,
      value: milliseconds(median(hops)),
    },
    { what: '… p95', value: milliseconds(quantile(hops, 0.95)) },
  ];
}

type OpenBus = { bus: EventBus; topic: string; close: () => Promise<void> };

async function embeddedBus(): Promise<OpenBus> {
  const folder = await mkdtemp(join(tmpdir(), 'berkas-bench-'));
  const logger = createLogger({ level: 'silent' });
  const bus = createSqliteEventBus({ path: join(folder, 'berkas.db'), logger });
  const close = async (): Promise<void> => {
    await bus.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { bus, topic: 'hop', close };
}

async function kafkaBus(): Promise<OpenBus> {
  const topic = `bench-hop.${randomUUID()}`;
  const connection = {
    brokers: (serverAddresses()['KAFKA_BROKERS'] ?? '').split(','),
    clientId: 'bench',
    logger: createLogger({ level: 'silent' }),
  };
  await ensureTopics(connection, [{ name: topic, partitions: 12, retentionMs: 3_600_000 }]);
  const bus = createKafkaEventBus(connection);
  const close = async (): Promise<void> => {
    await bus.close();
    await removeTopics(topic);
  };
  return { bus, topic, close };
}
