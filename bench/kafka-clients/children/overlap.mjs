/** 200 calls to publish one message each that do not wait for one another: what gets there. */
import kafkajs from 'kafkajs';
import { finishChild, optionsOfChild } from '../children.mjs';
import { loadClient } from '../clients/load.mjs';

const CALLS = 200;

const { client, brokers, topic } = optionsOfChild();
const { createPublisher } = await loadClient(client);
const publisher = await createPublisher({ brokers });
await publisher.publish(topic, [{ value: Buffer.from('first') }]);
const results = await Promise.allSettled(
  Array.from({ length: CALLS }, (_, index) =>
    publisher.publish(topic, [{ value: Buffer.from(String(index)) }]),
  ),
);
const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
await admin.connect();
const [{ high }] = await admin.fetchTopicOffsets(topic);
const acknowledged = results.filter(({ status }) => status === 'fulfilled').length;
const inLog = Number(high) - 1;
finishChild({
  'calls that failed, of 200': CALLS - acknowledged,
  'acknowledged and not in the log': Math.max(0, acknowledged - inLog),
});
