import { randomUUID } from 'node:crypto';
import { messageOf, type Logger } from '@berkas/service-kit';
import type { Consumer, Kafka } from 'kafkajs';
import { BusError } from '../bus-error.ts';
import type { DeliveredMessage } from '../event-bus.ts';
import type { KafkaAdmin } from './kafka-admin.ts';
import { KAFKA_RETRY } from './kafka-client.ts';
import { toBusError } from './kafka-errors.ts';
import { fromKafkaMessage } from './kafka-message.ts';
import { createReplayMerge, type ReplayMerge, type ReplayRange } from './replay-merge.ts';

/** Messages of a partition that wait before it is paused, so that a slow reader costs no memory. */
const MAXIMUM_WAITING = 500;
const MAXIMUM_WAIT_MS = 100;

/**
 * The messages of a topic from a time up to its ends at the call. Reads as a group of its own, since
 * the client knows no other way, which commits nothing and is deleted in the end. Rejects with a
 * `BusError`; `bus_unavailable` also when the cluster went away in between.
 */
export async function* replayKafka(options: {
  kafka: Kafka;
  admin: KafkaAdmin;
  logger: Logger;
  clientId: string;
  topic: string;
  fromMs: number;
  /** Aborted when the bus closes. */
  signal: AbortSignal;
}): AsyncGenerator<DeliveredMessage> {
  const { admin, logger, topic, fromMs, signal } = options;
  const ranges = await rangesOf(admin, topic, fromMs);
  if (ranges.length === 0) return;
  const groupId = `${options.clientId}.replay.${randomUUID()}`;
  const merge = createReplayMerge(ranges);
  const reading = createReplayReader({ ...options, groupId, merge, ranges });
  try {
    await reading.start();
    while (!merge.isDone()) {
      if (signal.aborted) throw new BusError('bus_closed', 'The event bus is closed.');
      const message = merge.take();
      if (message === undefined) {
        await reading.changed();
      } else {
        reading.taken(message.partition);
        // Within a partition clocks may disagree: its offsets since a time hold a few older messages.
        if (message.timestampMs >= fromMs) yield message;
      }
    }
  } catch (error) {
    throw toBusError(error, `replaying ${topic}`);
  } finally {
    await reading.stop();
    await admin.deleteGroup(groupId).catch((error: unknown) => {
      // The server forgets an empty group by itself, only later.
      logger.debug({ groupId, reason: messageOf(error) }, 'the group of a replay is left over');
    });
  }
}

async function rangesOf(admin: KafkaAdmin, topic: string, fromMs: number): Promise<ReplayRange[]> {
  const ends = await admin.ranges(topic);
  const starts = await admin.offsetsSince(topic, fromMs);
  return ends
    .map(({ partition, low, high }) => {
      const since = starts.get(partition) ?? high;
      return { partition, start: since > low ? since : low, end: high };
    })
    .filter(({ start, end }) => start < end);
}

function createReplayReader(options: {
  kafka: Kafka;
  topic: string;
  groupId: string;
  merge: ReplayMerge;
  ranges: readonly ReplayRange[];
  signal: AbortSignal;
}) {
  const { kafka, topic, groupId, merge, ranges, signal } = options;
  const wanted = new Set(ranges.map(({ partition }) => partition));
  const paused = new Set<number>();
  let failure: unknown;
  let wake = (): void => undefined;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: MAXIMUM_WAIT_MS,
    retry: KAFKA_RETRY,
  });
  const pause = (partition: number): void => {
    paused.add(partition);
    consumer.pause([{ topic, partitions: [partition] }]);
  };
  listen(consumer, {
    onJoined(partitions) {
      for (const partition of partitions) {
        if (!wanted.has(partition)) pause(partition);
        else consumer.seek({ topic, partition, offset: String(merge.nextToRead(partition)) });
      }
    },
    // Also for a batch of which nothing is left but the markers of transactions.
    onPassed(partition, offset) {
      if (wanted.has(partition)) merge.reached(partition, offset);
      wake();
    },
    onCrash(error) {
      failure ??= error;
      wake();
    },
  });
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort, { once: true });

  return {
    async start(): Promise<void> {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        // eslint-disable-next-line @typescript-eslint/require-await -- the library wants a promise
        eachBatch: async ({ batch }) => {
          const { partition } = batch;
          if (!wanted.has(partition)) return;
          const place = { topic, partition };
          merge.add(
            partition,
            batch.messages.map((content) => fromKafkaMessage(place, content)),
          );
          if (merge.isRead(partition) || merge.waiting(partition) > MAXIMUM_WAITING) {
            pause(partition);
          }
          wake();
        },
      });
    },
    /** Resolves when there is something new; rejects when reading failed. */
    async changed(): Promise<void> {
      if (failure === undefined && !signal.aborted) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
      if (failure !== undefined) throw failure as Error;
    },
    taken(partition: number): void {
      if (!paused.has(partition) || merge.isRead(partition)) return;
      if (merge.waiting(partition) > MAXIMUM_WAITING / 2) return;
      paused.delete(partition);
      consumer.resume([{ topic, partitions: [partition] }]);
    },
    async stop(): Promise<void> {
      signal.removeEventListener('abort', onAbort);
      await consumer.disconnect().catch(() => undefined);
    },
  };
}

function listen(
  consumer: Consumer,
  listener: {
    onJoined: (partitions: readonly number[]) => void;
    onPassed: (partition: number, offset: bigint) => void;
    onCrash: (error: unknown) => void;
  },
): void {
  const { GROUP_JOIN, END_BATCH_PROCESS, CRASH } = consumer.events;
  consumer.on(GROUP_JOIN, ({ payload }) => {
    listener.onJoined(Object.values(payload.memberAssignment).flat());
  });
  consumer.on(END_BATCH_PROCESS, ({ payload }) => {
    listener.onPassed(payload.partition, BigInt(payload.lastOffset) + 1n);
  });
  consumer.on(CRASH, ({ payload }) => listener.onCrash(payload.error));
}
