import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import { serverAddress } from '../testing/kafka/kafka-fixture.ts';
import { ensureTopics, missingTopics } from './ensure-topics.ts';

const connection = {
  brokers: serverAddress(process.env, 'KAFKA_BROKERS').split(','),
  clientId: 'messaging-test',
  logger: createLogger({ level: 'silent' }),
};
const newTopic = (partitions: number) => ({
  name: `test.${randomUUID()}`,
  partitions,
  replicationFactor: 1,
  retentionMs: 60_000,
});

it('makes the topics that are missing, and none a second time', async () => {
  const [first, second] = [newTopic(1), newTopic(3)];
  const nothing = { made: [], changed: [] };
  expect(await missingTopics(connection, [first.name])).toEqual([first.name]);
  expect(await ensureTopics(connection, [first])).toEqual({ made: [first.name], changed: [] });
  expect(await missingTopics(connection, [first.name, second.name])).toEqual([second.name]);
  expect(await ensureTopics(connection, [first, second])).toMatchObject({ made: [second.name] });
  expect(await ensureTopics(connection, [first, second])).toEqual(nothing);
  expect(await ensureTopics(connection, [])).toEqual(nothing);
});

it('keeps messages for as long as it is now asked to', async () => {
  const topic = newTopic(1);
  await ensureTopics(connection, [topic]);
  const longer = { ...topic, retentionMs: -1 };
  expect(await ensureTopics(connection, [longer])).toEqual({ made: [], changed: [topic.name] });
  expect(await ensureTopics(connection, [longer])).toEqual({ made: [], changed: [] });
});

it('refuses a topic that has another number of partitions, and then makes no other', async () => {
  const [existing, other] = [newTopic(1), newTopic(1)];
  await ensureTopics(connection, [existing]);
  await expect(
    ensureTopics(connection, [{ ...existing, partitions: 2 }, other]),
  ).rejects.toMatchObject({
    code: 'bus_failed',
    message: `Topics have other numbers of partitions: ${existing.name}: 1, not 2.`,
  });
  expect(await missingTopics(connection, [other.name])).toEqual([other.name]);
});

it('lets two processes make the same topics at once', async () => {
  const topics = [newTopic(2), newTopic(2)];
  await Promise.all([ensureTopics(connection, topics), ensureTopics(connection, topics)]);
  expect(await ensureTopics(connection, topics)).toEqual({ made: [], changed: [] });
});
