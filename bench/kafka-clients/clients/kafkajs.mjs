import kafkajs from 'kafkajs';

const { Kafka, Partitioners, logLevel } = kafkajs;

const kafkaOf = (brokers) => new Kafka({ brokers, clientId: 'bench', logLevel: logLevel.NOTHING });

/** Publishes to all replicas, each message once. */
export async function createPublisher({ brokers }) {
  const producer = kafkaOf(brokers).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return {
    publish: (topic, messages) => producer.send({ topic, acks: -1, messages }),
    close: () => producer.disconnect(),
  };
}

/**
 * A member of a group; resolves once it has joined. `onAssigned(partitions)` answers where to read
 * on in those that it kept: the client itself would go back to what is committed.
 */
export async function joinGroup(options) {
  const { brokers, group, topic, sessionTimeoutMs, onAssigned, onMessage, onEvent } = options;
  const consumer = kafkaOf(brokers).consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: sessionTimeoutMs / 10,
    rebalanceTimeout: 60_000,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
  });
  let commitOffsets;
  const { GROUP_JOIN, CRASH } = consumer.events;
  consumer.on(GROUP_JOIN, ({ payload }) => {
    const kept = onAssigned(payload.memberAssignment[topic] ?? []);
    for (const [partition, offset] of kept) {
      consumer.seek({ topic, partition, offset: String(offset) });
    }
    onEvent('joined');
  });
  consumer.on(CRASH, ({ payload }) => onEvent(`crashed: ${payload.error.message}`));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 16,
    eachBatch: async ({ batch, resolveOffset, isStale, commitOffsetsIfNecessary }) => {
      commitOffsets = commitOffsetsIfNecessary;
      for (const { offset, value } of batch.messages) {
        if (isStale()) return;
        onMessage({ partition: batch.partition, offset: BigInt(offset), value });
        resolveOffset(offset);
      }
    },
  });
  return {
    pause: () => consumer.pause([{ topic }]),
    resume: () => consumer.resume([{ topic }]),
    async commit(positions) {
      const partitions = positions.map(([partition, offset]) => ({
        partition,
        offset: String(offset),
      }));
      await commitOffsets({ topics: [{ topic, partitions }] });
    },
    leave: () => consumer.disconnect(),
  };
}

/** The client as its first example has it: each handler is awaited before the next message. */
export async function joinAwaiting({ brokers, group, topic, sessionTimeoutMs, handle, onEvent }) {
  const consumer = kafkaOf(brokers).consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: sessionTimeoutMs / 10,
    allowAutoTopicCreation: false,
  });
  consumer.on(consumer.events.GROUP_JOIN, () => onEvent('joined'));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: ({ message }) => handle(message.value) });
  return { leave: () => consumer.disconnect() };
}
