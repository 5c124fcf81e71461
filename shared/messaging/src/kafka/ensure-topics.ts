import { BusError } from '../bus-error.ts';
import { createKafkaAdmin, type KafkaAdmin } from './kafka-admin.ts';
import { createKafkaClient } from './kafka-client.ts';
import type { KafkaConnectionOptions } from './kafka-options.ts';

export type TopicSpecification = {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** How long messages are kept, in milliseconds; -1 for ever. */
  readonly retentionMs: number;
};

/**
 * Makes the topics that are missing and answers their names. Safe to repeat, and for several
 * processes at once. Rejects with a `BusError` `bus_failed`, and makes nothing, when one exists
 * with another number of partitions: changing that would move keys between partitions and break
 * their order, so people decide it. Retention and replicas of existing topics are left as they are.
 */
export async function ensureTopics(
  options: KafkaConnectionOptions,
  topics: readonly TopicSpecification[],
): Promise<string[]> {
  const admin = createKafkaAdmin(createKafkaClient(options));
  try {
    const missing = await missingOf(admin, topics);
    if (missing.length > 0) await create(admin, missing);
    // Another process may have made one meanwhile, and otherwise than we would.
    await missingOf(admin, missing);
    return missing.map(({ name }) => name);
  } finally {
    await admin.close();
  }
}

async function missingOf(
  admin: KafkaAdmin,
  topics: readonly TopicSpecification[],
): Promise<TopicSpecification[]> {
  const partitions = await admin.run('listing topics', async (client) => {
    const existing = new Set(await client.listTopics());
    const asked = topics.map(({ name }) => name).filter((name) => existing.has(name));
    if (asked.length === 0) return new Map<string, number>();
    const metadata = await client.fetchTopicMetadata({ topics: asked });
    return new Map(metadata.topics.map((topic) => [topic.name, topic.partitions.length]));
  });
  const differing = topics.filter(
    (topic) => (partitions.get(topic.name) ?? topic.partitions) !== topic.partitions,
  );
  if (differing.length > 0) {
    const list = differing
      .map(({ name, partitions: wanted }) => `${name}: ${partitions.get(name) ?? 0}, not ${wanted}`)
      .join('; ');
    throw new BusError('bus_failed', `Topics have other numbers of partitions: ${list}.`);
  }
  return topics.filter(({ name }) => !partitions.has(name));
}

async function create(admin: KafkaAdmin, topics: readonly TopicSpecification[]): Promise<void> {
  const names = topics.map(({ name }) => name).join(', ');
  await admin.run(`making ${names}`, (client) =>
    client.createTopics({
      waitForLeaders: true,
      topics: topics.map(({ name, partitions, replicationFactor, retentionMs }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor,
        configEntries: [{ name: 'retention.ms', value: String(retentionMs) }],
      })),
    }),
  );
}
