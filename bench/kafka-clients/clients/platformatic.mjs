import { Consumer, Producer } from '@platformatic/kafka';

/** Publishes to all replicas, each message once. */
export async function createPublisher({ brokers }) {
  const producer = new Producer({
    clientId: 'bench',
    bootstrapBrokers: brokers,
    idempotent: true,
    acks: -1,
    autocreateTopics: false,
  });
  await producer.connectToBrokers();
  return {
    publish: (topic, messages) =>
      producer.send({ messages: messages.map((message) => ({ ...message, topic })) }),
    close: () => producer.close(),
  };
}

/**
 * A member of a group; resolves once it has joined. `onAssigned(partitions)` is told the partitions
 * after each change. What it answers is of no use here: a stream cannot be told where to read on.
 */
export async function joinGroup(options) {
  const { brokers, group, topic, sessionTimeoutMs, onAssigned, onMessage, onEvent } = options;
  const isNewProtocol = options.protocol === 'consumer';
  const consumer = new Consumer({
    clientId: 'bench',
    bootstrapBrokers: brokers,
    groupId: group,
    autocommit: false,
    maxWaitTime: 500,
    ...(isNewProtocol
      ? { groupProtocol: 'consumer', rebalanceTimeout: 60_000 }
      : {
          sessionTimeout: sessionTimeoutMs,
          heartbeatInterval: sessionTimeoutMs / 10,
          rebalanceTimeout: 60_000,
        }),
  });
  let assigned = '';
  const lookAtAssignment = () => {
    const partitions =
      consumer.assignments?.find((assignment) => assignment.topic === topic)?.partitions ?? [];
    const now = [...partitions].sort().join();
    if (isNewProtocol && now === assigned) return;
    assigned = now;
    onAssigned(partitions);
    onEvent('joined');
  };
  // The new protocol tells of an assignment by nothing but its being there after a heartbeat.
  consumer.on(isNewProtocol ? 'consumer:heartbeat:end' : 'consumer:group:join', lookAtAssignment);
  consumer.on('error', (error) => onEvent(`failed: ${error.message}`));
  const stream = await consumer.consume({
    topics: [topic],
    mode: 'committed',
    fallbackMode: 'earliest',
    highWaterMark: 50,
  });
  stream.on('data', ({ partition, offset, value }) => {
    if (isNewProtocol) lookAtAssignment();
    onMessage({ partition, offset, value });
  });
  stream.on('error', (error) => onEvent(`stream ended: ${error.message}`));
  return {
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    commit: (positions) =>
      consumer.commit({
        offsets: positions.map(([partition, offset]) => ({
          topic,
          partition,
          offset,
          leaderEpoch: -1,
        })),
      }),
    leave: () => consumer.close(true),
  };
}

/** The client as its first example has it: each handler is awaited before the next message. */
export async function joinAwaiting({ brokers, group, topic, sessionTimeoutMs, handle, onEvent }) {
  const consumer = new Consumer({
    clientId: 'bench',
    bootstrapBrokers: brokers,
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: sessionTimeoutMs / 10,
  });
  consumer.on('consumer:group:join', () => onEvent('joined'));
  const stream = await consumer.consume({
    topics: [topic],
    mode: 'committed',
    fallbackMode: 'earliest',
    autocommit: false,
  });
  stream.on('error', (error) => onEvent(`stream ended: ${error.message}`));
  void (async () => {
    for await (const message of stream) {
      await handle(message.value);
      await message.commit();
    }
  })().catch((error) => onEvent(`failed: ${error.message}`));
  return { leave: () => consumer.close(true) };
}
