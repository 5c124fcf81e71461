import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, HealthCheck, Logger } from '@berkas/service-kit';
import type { EachBatchPayload, Kafka, OffsetsByTopicPartition } from 'kafkajs';
import type { DeliveredMessage, SubscribeOptions, Subscription } from '../event-bus.ts';
import { createMessageDispatcher } from '../message-dispatcher.ts';
import { createGroupReader } from './group-reader.ts';
import type { KafkaAdmin } from './kafka-admin.ts';
import { createKafkaCommitter } from './kafka-committer.ts';
import { isRebalance, toBusError } from './kafka-errors.ts';
import { fromKafkaMessage } from './kafka-message.ts';
import { createOwnedPartitions, type OwnedPartition } from './owned-partitions.ts';
import { createRoom } from './room.ts';

/**
 * The consumer group of a subscription. One a topic, because the members of a group must all read
 * the same topics; the colon is in neither name, so that no two pairs share a group.
 */
export const consumerGroupOf = (group: string, topic: string): string => `${group}:${topic}`;

/** Reads, hands out and commits one topic as a member of a group. Rejects with a `BusError`. */
export async function createKafkaSubscription(dependencies: {
  kafka: Kafka;
  admin: KafkaAdmin;
  logger: Logger;
  clock: Clock;
  sessionTimeoutMs: number;
  options: SubscribeOptions;
  onStopped: () => void;
}): Promise<Subscription> {
  const { kafka, admin, clock, sessionTimeoutMs, options, onStopped } = dependencies;
  const { group, topic, concurrency } = options;
  const groupId = consumerGroupOf(group, topic);
  const logger = dependencies.logger.child({ group, topic });
  const owned = createOwnedPartitions();
  /** Which partition, and which time of owning it, a message came with. */
  const origins = new WeakMap<DeliveredMessage, OwnedPartition>();
  let commitOffsets: ((offsets: OffsetsByTopicPartition) => Promise<void>) | undefined;
  let turn: NodeJS.Immediate | undefined;
  let crash: unknown;
  let answeredAtMs = clock.now().getTime();
  let joins = 0;
  let stopping: Promise<void> | undefined;

  const dispatcher = createMessageDispatcher({
    concurrency,
    onMessage(message, signal) {
      const origin = origins.get(message);
      origin?.started(message.value.byteLength);
      room.changed();
      return options.onMessage(message, signal);
    },
    onFinished(message) {
      origins.get(message)?.finished(BigInt(message.offset));
      committer.commitSoon();
      room.changed();
      scheduleTurn();
    },
    onRejected(message, error) {
      const origin = origins.get(message);
      const { partition, offset } = message;
      if (stopping === undefined && origin !== undefined && owned.owns(origin)) {
        origin.rejected();
        logger.error({ err: error, partition, offset }, 'a message was not finished');
      }
      scheduleTurn();
    },
  });
  const scheduleTurn = (): void => {
    // A turn of the event loop, not a microtask: handlers that end at once must not starve I/O.
    turn ??= setImmediate(() => {
      turn = undefined;
      dispatcher.start();
    });
  };
  const committer = createKafkaCommitter({
    owned: () => owned.all(),
    isTransient: isRebalance,
    logger,
    async commit(positions) {
      const partitions = positions.map(({ partition, position }) => ({
        partition,
        offset: String(position),
      }));
      // Not the consumer's own: that tries again by itself, after a rebalance for lost partitions too.
      await commitOffsets?.({ topics: [{ topic, partitions }] });
    },
  });
  const reader = createGroupReader({
    kafka,
    logger,
    groupId,
    topic,
    sessionTimeoutMs,
    held: () => owned.all().map(({ partition }) => partition),
    listener: {
      onJoined(memberId, partitions) {
        crash = undefined;
        joins += 1;
        const { kept, lost } = owned.assign(memberId, partitions);
        for (const partition of kept) {
          const next = partition.nextToRead();
          if (next !== undefined) reader.seek(partition.partition, next);
        }
        // At once and not with the first batch: a seek from before may still wait in the client, and
        // would make a partition that comes back be read from past what nobody has finished.
        beginAhead(owned.all().filter((partition) => partition.nextToRead() === undefined));
        room.reassigned(owned.all());
        if (lost.length > 0) withdraw(lost);
        logger.info({ partitions, lost: lost.length }, 'joined the group');
      },
      onBatch: (payload) => takeBatch(payload),
      onAnswer: () => void (answeredAtMs = clock.now().getTime()),
      onCrash(error) {
        crash = error;
        logger.warn({ err: error }, 'cannot read, trying again');
      },
    },
  });
  const room = createRoom({ concurrency, reader, isStopping: () => stopping !== undefined });

  const withdraw = (lost: readonly OwnedPartition[]): void => {
    const gone = new Set(lost);
    void dispatcher
      .withdraw((message) => {
        const origin = origins.get(message);
        return origin !== undefined && gone.has(origin);
      })
      .then(scheduleTurn);
  };
  /** Where the group's position is in each partition, or the log begins if that is later. */
  const startPositions = async (): Promise<(partition: number) => bigint> => {
    const [committed, ranges] = await Promise.all([
      admin.committed(groupId, topic),
      admin.ranges(topic),
    ]);
    return (number) => {
      const low = ranges.find(({ partition }) => partition === number)?.low ?? 0n;
      const position = committed.get(number) ?? low;
      return position > low ? position : low;
    };
  };
  /**
   * Begins a partition there. Answers false if the batch was read from elsewhere, as one is that was
   * under way while the group changed: reading from there would skip messages.
   */
  const begin = (partition: OwnedPartition, start: bigint, firstOffset?: bigint): boolean => {
    if (!owned.owns(partition) || partition.nextToRead() !== undefined) return false;
    partition.begin(start);
    if (firstOffset === start) return true;
    reader.seek(partition.partition, start);
    return false;
  };
  const beginAhead = (partitions: readonly OwnedPartition[]): void => {
    if (partitions.length === 0) return;
    startPositions().then(
      (startOf) => partitions.forEach((one) => begin(one, startOf(one.partition))),
      (error: unknown) => logger.debug({ err: error }, 'partitions begin with their first batch'),
    );
  };
  const takeBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch } = payload;
    // Read before a seek that the client has still to make: from elsewhere than reading goes on.
    if (payload.isStale()) return;
    commitOffsets = (offsets) => payload.commitOffsetsIfNecessary(offsets);
    const partition = owned.get(batch.partition);
    const first = BigInt(batch.firstOffset() ?? -1);
    if (stopping !== undefined || partition === undefined) {
      await sleep(50);
      return;
    }
    const next = partition.nextToRead();
    const joinsBefore = joins;
    if (next === undefined) {
      const startOf = await startPositions();
      if (!begin(partition, startOf(batch.partition), first)) return;
    }
    if (next !== undefined && first < next) {
      logger.warn({ partition: batch.partition }, 'the log begins anew, reading it anew');
      owned.restart(partition);
      room.reassigned(owned.all());
      withdraw([partition]);
      return;
    }
    for (const content of batch.messages) {
      // Once the group was joined again, reading goes on from where this had got to.
      if (!(await room.waitFor(partition, () => payload.heartbeat())) || joins !== joinsBefore)
        return;
      const message = fromKafkaMessage({ topic, partition: batch.partition }, content);
      origins.set(message, partition);
      partition.read(BigInt(content.offset), message.value.byteLength);
      dispatcher.offer(message);
      payload.resolveOffset(content.offset);
      scheduleTurn();
    }
    if (joins !== joinsBefore) return;
    partition.skipTo(BigInt(batch.lastOffset()) + 1n);
    committer.commitSoon();
  };
  const stop = async (): Promise<void> => {
    reader.pauseAll();
    await dispatcher.stop();
    clearImmediate(turn);
    try {
      await committer.flush();
    } catch (error) {
      logger.warn({ err: error }, 'stopped without committing; some messages come again');
    }
    committer.close();
    await reader.stop();
    onStopped();
  };
  const health = (): HealthCheck => {
    const failed = (detail: string): HealthCheck => ({ status: 'failed', detail });
    const silentMs = clock.now().getTime() - answeredAtMs;
    if (crash !== undefined || silentMs > sessionTimeoutMs) return failed('Kafka cannot be read');
    if (committer.failure() !== undefined) return failed('positions cannot be committed');
    const rejected = owned.all().reduce((sum, partition) => sum + partition.rejections(), 0);
    if (rejected > 0) {
      return failed(`${rejected} messages were not finished and wait for a new subscription`);
    }
    return { status: 'ok', detail: 'reading' };
  };
  const lag = async (): Promise<number> => {
    await committer.flush().catch((error: unknown) => {
      if (!isRebalance(error)) throw toBusError(error, `committing for ${groupId}`);
    });
    const [ranges, committed] = await Promise.all([
      admin.ranges(topic),
      admin.committed(groupId, topic),
    ]);
    const behind = ranges.map(({ partition, low, high }) => {
      const position = committed.get(partition) ?? low;
      return high - (position > low ? position : low);
    });
    return Number(behind.reduce((sum, count) => sum + (count > 0n ? count : 0n), 0n));
  };

  try {
    await reader.start();
  } catch (error) {
    throw toBusError(error, `subscribing ${group} to ${topic}`);
  }
  return {
    pause: () => dispatcher.pause(),
    resume() {
      dispatcher.resume();
      scheduleTurn();
    },
    lag,
    inFlight: () => dispatcher.inFlight(),
    health,
    stop: () => (stopping ??= stop()),
  };
}
