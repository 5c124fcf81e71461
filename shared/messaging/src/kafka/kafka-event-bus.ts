import { systemClock } from '@berkas/service-kit';
import { BusError } from '../bus-error.ts';
import type { DeliveredMessage, EventBus, SubscribeOptions, Subscription } from '../event-bus.ts';
import { assertPublishable, assertSubscribable, MAXIMUM_MESSAGE_BYTES } from '../message-rules.ts';
import { createKafkaAdmin } from './kafka-admin.ts';
import { createKafkaClient, REQUEST_TIMEOUT_MS } from './kafka-client.ts';
import { isOfMessages } from './kafka-errors.ts';
import type { KafkaEventBusOptions } from './kafka-options.ts';
import { createKafkaPublisher } from './kafka-publisher.ts';
import { replayKafka } from './kafka-replay.ts';
import { createKafkaSubscription } from './kafka-subscription.ts';
import { createPublishBatcher } from './publish-batcher.ts';

const SESSION_TIMEOUT_MS = 30_000;

/**
 * The event bus on an Apache Kafka cluster. Topics must exist: `ensureTopics` makes them. Connects
 * when first used, and again after every failure.
 *
 * - A group reads each topic as the consumer group `<group>:<topic>`.
 * - Messages of one key share a partition, by the hash that other clients use too (murmur2).
 * - When members of a group come or go, partitions move: a handler whose partition moved away is
 *   aborted, others run on. What was finished and not yet committed is then delivered once more.
 */
export function createKafkaEventBus(options: KafkaEventBusOptions): EventBus {
  const { logger, clock = systemClock, sessionTimeoutMs = SESSION_TIMEOUT_MS } = options;
  const requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const kafka = createKafkaClient(options);
  const admin = createKafkaAdmin(kafka);
  const publisher = createKafkaPublisher({ kafka, logger, clock, requestTimeoutMs });
  const batcher = createPublishBatcher({
    send: (messages) => publisher.send(messages),
    maximumBytes: MAXIMUM_MESSAGE_BYTES,
    mayBeOfOneCall: (error) => isOfMessages((error as Error).cause),
  });
  // A promise, because it takes a while to join: its name is taken meanwhile.
  const subscriptions = new Map<string, Promise<Subscription>>();
  const ending = new AbortController();
  let closed = false;
  let closing: Promise<void> | undefined;

  const subscribe = async (subscribing: SubscribeOptions): Promise<Subscription> => {
    assertSubscribable(subscribing);
    if (closing !== undefined) throw closedError();
    const { group, topic } = subscribing;
    const name = `${group}/${topic}`;
    if (subscriptions.has(name)) {
      throw new BusError('subscription_exists', `${group} is subscribed to ${topic} already.`);
    }
    const onStopped = (): void => void subscriptions.delete(name);
    const subscription = createKafkaSubscription({
      kafka,
      admin,
      logger,
      clock,
      sessionTimeoutMs,
      options: subscribing,
      onStopped,
    });
    subscriptions.set(name, subscription);
    try {
      return await subscription;
    } catch (error) {
      onStopped();
      throw error;
    }
  };

  // What is under way may still publish while its subscription stops: the producer closes after it.
  const close = async (): Promise<void> => {
    const stopAll = [...subscriptions.values()].map(async (subscription) =>
      (await subscription).stop(),
    );
    await Promise.allSettled(stopAll);
    closed = true;
    ending.abort();
    await batcher.drained();
    await publisher.close();
    await admin.close();
  };

  async function* replay(topic: string, from: Date): AsyncGenerator<DeliveredMessage> {
    if (closed) throw closedError();
    const { clientId } = options;
    const { signal } = ending;
    yield* replayKafka({ kafka, admin, logger, clientId, topic, fromMs: from.getTime(), signal });
  }

  return {
    async publish(messages) {
      if (closed) throw closedError();
      assertPublishable(messages);
      if (messages.length > 0) await batcher.publish(messages);
    },
    subscribe,
    replay,
    close: () => (closing ??= close()),
  };
}

const closedError = (): BusError => new BusError('bus_closed', 'The event bus is closed.');
