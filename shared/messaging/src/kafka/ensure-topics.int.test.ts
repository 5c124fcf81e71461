import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import { serverAddress } from '../testing/kafka/kafka-fixture.ts';
import { ensureTopics } from './ensure-topics.ts';

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
  expect(await ensureTopics(connection, [first])).toEqual([first.name]);
  expect(await ensureTopics(connection, [first, second])).toEqual([second.name]);
  expect(await ensureTopics(connection, [first, second])).toEqual([]);
  expect(await ensureTopics(connection, [])).toEqual([]);
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
  expect(await ensureTopics(connection, [other])).toEqual([other.name]);
});

it('lets two processes make the same topics at once', async () => {
  const topics = [newTopic(2), newTopic(2)];
  await Promise.all([ensureTopics(connection, topics), ensureTopics(connection, topics)]);
  expect(await ensureTopics(connection, topics)).toEqual([]);
});
