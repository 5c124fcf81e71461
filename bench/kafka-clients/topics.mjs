import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';

const { Kafka, logLevel } = kafkajs;

const LOOK_EVERY_MS = 200;
const LOOKS = 100;

/** Makes topics for a run and removes them, and the groups that read them, at its end. */
export async function createTopics(brokers) {
  const admin = new Kafka({ brokers, clientId: 'bench', logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const made = [];
  return {
    /** A new topic, which is also the name of the group that reads it. */
    async make(partitions) {
      const topic = `bench-kafka-clients-${randomUUID()}`;
      made.push(topic);
      await admin.createTopics({
        waitForLeaders: false,
        topics: [{ topic, numPartitions: partitions, replicationFactor: 1 }],
      });
      await untilKnown(admin, topic);
      return topic;
    },
    async close() {
      if (made.length > 0) await admin.deleteTopics({ topics: made });
      for (const group of made) await admin.deleteGroups([group]).catch(() => undefined);
      await admin.disconnect();
    },
  };
}

/** A busy broker answers for some time that it does not know a topic that it has just made. */
async function untilKnown(admin, topic) {
  for (let look = 1; ; look += 1) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      if (topics[0].partitions.every(({ leader }) => leader >= 0)) return;
    } catch (error) {
      if (look === LOOKS) throw error;
    }
    await sleep(LOOK_EVERY_MS);
  }
}
