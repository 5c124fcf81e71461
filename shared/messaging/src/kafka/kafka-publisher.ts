import type { Clock, Logger } from '@berkas/service-kit';
import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import { BusError } from '../bus-error.ts';
import type { OutgoingMessage } from '../event-bus.ts';
import { KAFKA_RETRY } from './kafka-client.ts';
import { isSequenceFailure, toBusError } from './kafka-errors.ts';
import { toKafkaMessage } from './kafka-message.ts';

/** Sends one batch at a time; its caller waits for each. */
export interface KafkaPublisher {
  /** Resolves once every message is on all replicas in sync. Rejects with a `BusError`. */
  send(messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

type Topics = { topic: string; messages: Message[] }[];

/**
 * An idempotent producer: what the library sends again after a lost answer is appended once. After
 * a failure that reached us it is thrown away, because its numbering may then differ from the
 * server's, and the server would take new messages for old ones and drop them.
 */
export function createKafkaPublisher(options: {
  kafka: Kafka;
  logger: Logger;
  clock: Clock;
  requestTimeoutMs: number;
}): KafkaPublisher {
  const { kafka, logger, clock, requestTimeoutMs } = options;
  /** Where the partitioner last put each message. */
  const partitions = new WeakMap<Message, number>();
  let connecting: Promise<Producer> | undefined;
  const leaving = new Set<Promise<void>>();

  const connect = async (): Promise<Producer> => {
    const producer = kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
      retry: KAFKA_RETRY,
      createPartitioner: () => {
        const choose = Partitioners.DefaultPartitioner();
        return (choice) => {
          const partition = choose(choice);
          partitions.set(choice.message, partition);
          return partition;
        };
      },
    });
    await producer.connect();
    return producer;
  };
  const discard = (): void => {
    const left = connecting
      ?.then((producer) => producer.disconnect())
      .catch((error: unknown) => logger.debug({ err: error }, 'a producer did not disconnect'))
      .finally(() => left !== undefined && leaving.delete(left));
    if (left !== undefined) leaving.add(left);
    connecting = undefined;
  };
  const sendOnce = async (topics: Topics): Promise<void> => {
    try {
      const producer = await (connecting ??= connect());
      const topicMessages = topics.map(({ topic, messages }) => ({ topic, messages }));
      const answer = await producer.sendBatch({
        acks: -1,
        timeout: requestTimeoutMs,
        topicMessages,
      });
      const answered = new Set(
        answer.map(({ topicName, partition }) => `${topicName}/${partition}`),
      );
      assertComplete(topics, (topic, message) =>
        answered.has(`${topic}/${partitions.get(message) ?? -1}`),
      );
    } catch (error) {
      discard();
      throw error;
    }
  };

  return {
    async send(messages) {
      const topics = byTopic(messages, clock.now().getTime());
      const doing = `publishing to ${topics.map(({ topic }) => topic).join(', ')}`;
      try {
        await sendOnce(topics).catch((error: unknown) => {
          // The server forgets a producer that was idle for long.
          if (isSequenceFailure(error)) return sendOnce(topics);
          throw error;
        });
      } catch (error) {
        throw toBusError(error, doing);
      }
    },
    async close() {
      discard();
      await Promise.all(leaving);
    },
  };
}

function byTopic(messages: readonly OutgoingMessage[], publishedAtMs: number): Topics {
  const topics = new Map<string, Message[]>();
  for (const message of messages) {
    const sent = toKafkaMessage(message, publishedAtMs);
    const others = topics.get(message.topic);
    if (others === undefined) topics.set(message.topic, [sent]);
    else others.push(sent);
  }
  return [...topics].map(([topic, sent]) => ({ topic, messages: sent }));
}

/**
 * When a partition's leader moves while a batch is sent again, the library may leave its messages
 * out and still resolve; what the servers acknowledged is therefore held against what was sent.
 */
function assertComplete(
  topics: Topics,
  isAcknowledged: (topic: string, message: Message) => boolean,
): void {
  const missing = topics.flatMap(({ topic, messages }) =>
    messages.filter((message) => !isAcknowledged(topic, message)).map(() => topic),
  );
  if (missing.length === 0) return;
  throw new BusError(
    'bus_unavailable',
    `${missing.length} messages for ${[...new Set(missing)].join(', ')} were not acknowledged.`,
  );
}
