import { delay } from '@berkas/service-kit';
import kafkajs, { type Admin } from 'kafkajs';
import { BusError } from '../bus-error.ts';
import { createKafkaAdmin, type KafkaAdmin } from './kafka-admin.ts';
import { createKafkaClient } from './kafka-client.ts';
import type { KafkaConnectionOptions } from './kafka-options.ts';

export type TopicSpecification = {
  readonly name: string;
  readonly partitions: number;
  /** Copies of each message; none given: three, or as many as there are brokers. */
  readonly replicationFactor?: number;
  /** How long messages are kept, in milliseconds; -1 for ever. */
  readonly retentionMs: number;
};

export type EnsuredTopics = {
  readonly made: readonly string[];
  /** Existing topics whose settings were brought to what was asked for. */
  readonly changed: readonly string[];
};

// They are not among the names that Node finds in a CommonJS module.
const { ConfigResourceTypes, ConfigSource } = kafkajs;

const USUAL_REPLICATION_FACTOR = 3;

/**
 * Makes the topics that are missing and brings the settings of the others to what is asked for. Safe
 * to repeat, and for several processes at once. Rejects with a `BusError` `bus_failed`, and changes
 * nothing, when one exists with another number of partitions: changing that would move keys between
 * partitions and break their order, so people decide it. The copies of existing topics are left as
 * they are too: moving them is a day's work of a large cluster.
 *
 * With three copies a message is acknowledged once two have it, so that one broker may die.
 */
export async function ensureTopics(
  options: KafkaConnectionOptions,
  topics: readonly TopicSpecification[],
): Promise<EnsuredTopics> {
  const admin = createKafkaAdmin(createKafkaClient(options));
  try {
    const missing = await missingOf(admin, topics);
    if (missing.length > 0) await create(admin, missing);
    // Another process may have made one meanwhile, and otherwise than we would.
    await missingOf(admin, missing);
    const made = missing.map(({ name }) => name);
    const others = topics.filter(({ name }) => !made.includes(name));
    return { made, changed: await changeSettings(admin, others) };
  } finally {
    await admin.close();
  }
}

/**
 * The names among those that are not there. Rejects with a `BusError` when the cluster does not
 * answer: a way to wait for it, too.
 */
export async function missingTopics(
  options: KafkaConnectionOptions,
  names: readonly string[],
): Promise<string[]> {
  const admin = createKafkaAdmin(createKafkaClient(options));
  try {
    const existing = await admin.run(
      'listing topics',
      async (client) => new Set(await client.listTopics()),
    );
    return names.filter((name) => !existing.has(name));
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
  await admin.run(`making ${names}`, async (client) => {
    const { brokers } = await client.describeCluster();
    const usual = Math.min(USUAL_REPLICATION_FACTOR, brokers.length);
    await client.createTopics({
      // Waited for below: on a loaded cluster its own way takes a topic just made for unknown.
      waitForLeaders: false,
      topics: topics.map(({ name, partitions, replicationFactor = usual, retentionMs }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor,
        configEntries: entriesOf({
          'retention.ms': String(retentionMs),
          'min.insync.replicas': String(Math.max(1, replicationFactor - 1)),
        }),
      })),
    });
    await untilLed(
      client,
      topics.map(({ name }) => name),
    );
  });
}

const LEADER_POLLS = 100;
const LEADER_POLL_MS = 100;

/** Resolves when every partition has a leader: before that nothing can be published or read. */
async function untilLed(client: Admin, topics: string[]): Promise<void> {
  for (let polls = 1; ; polls += 1) {
    try {
      const metadata = await client.fetchTopicMetadata({ topics });
      const partitions = metadata.topics.flatMap((topic) => topic.partitions);
      if (partitions.every(({ leader }) => leader >= 0)) return;
    } catch (error) {
      if (polls === LEADER_POLLS) throw error;
    }
    if (polls === LEADER_POLLS) {
      throw new BusError('bus_unavailable', `${topics.join(', ')} have no leader yet.`);
    }
    await delay(LEADER_POLL_MS);
  }
}

async function changeSettings(
  admin: KafkaAdmin,
  topics: readonly TopicSpecification[],
): Promise<string[]> {
  if (topics.length === 0) return [];
  return admin.run('comparing the settings of topics', async (client) => {
    const settings = await settingsOf(client, topics);
    const changes = topics.flatMap(({ name, retentionMs }) => {
      const current = settings.get(name) ?? {};
      const wanted = { ...current, 'retention.ms': String(retentionMs) };
      return current['retention.ms'] === wanted['retention.ms'] ? [] : [{ name, wanted }];
    });
    if (changes.length > 0) {
      await client.alterConfigs({
        validateOnly: false,
        // All that was set on the topic is given again: what is left out falls back to the default.
        resources: changes.map(({ name, wanted }) => ({
          type: ConfigResourceTypes.TOPIC,
          name,
          configEntries: entriesOf(wanted),
        })),
      });
    }
    return changes.map(({ name }) => name);
  });
}

/** What was set on each topic itself, as opposed to settings of the broker and defaults. */
async function settingsOf(
  client: Admin,
  topics: readonly TopicSpecification[],
): Promise<Map<string, Record<string, string>>> {
  const { resources } = await client.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({ type: ConfigResourceTypes.TOPIC, name })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Object.fromEntries(
        configEntries
          .filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG)
          .map(({ configName, configValue }) => [configName, configValue]),
      ),
    ]),
  );
}

const entriesOf = (settings: Readonly<Record<string, string>>) =>
  Object.entries(settings).map(([name, value]) => ({ name, value }));
