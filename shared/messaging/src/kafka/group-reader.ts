import { backOffMs, delay, type BackOff, type Logger } from '@berkas/service-kit';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { KAFKA_RETRY } from './kafka-client.ts';
import { isCoordinatorAbsence } from './kafka-errors.ts';
import { createStickyAssigner } from './sticky-assigner.ts';

/** How long the server holds a fetch that has nothing to answer; also what a resume may wait. */
const MAXIMUM_WAIT_MS = 500;
/** Of one partition in one answer. A larger message still comes, alone. */
const BYTES_PER_PARTITION = 1024 * 1024;
const BYTES_PER_FETCH = 8 * 1024 * 1024;
/** Partitions whose batches are looked through at once; their messages run by their own rule. */
const BATCHES_AT_ONCE = 16;
const RESTART_AFTER_MS = 5_000;
/** A member has this long to join again when others come or go, in milliseconds. */
const REBALANCE_TIMEOUT_MS = 60_000;
const STOP_WITHIN_MS = 5_000;
/**
 * A group's coordinator is absent for some seconds when the cluster has just come up, and while it
 * moves to another broker. Both pass by themselves, so that a start waits for about half a minute.
 */
const COORDINATOR_TRIES = 20;
const COORDINATOR_BACK_OFF: BackOff = { initialMs: 500, maximumMs: 3_000 };

/** A member of a consumer group that reads one topic and comes back after every failure. */
export interface GroupReader {
  /** Resolves when it has joined the group; rejects when it cannot. */
  start(): Promise<void>;
  /** Reads on from this offset, whatever is committed. Only for a partition it was assigned. */
  seek(partition: number, offset: bigint): void;
  pause(partitions: readonly number[]): void;
  resume(partitions: readonly number[]): void;
  /** Reads nothing more, and stays a member: heartbeats go on. */
  pauseAll(): void;
  /** Leaves the group. */
  stop(): Promise<void>;
}

export type GroupReaderListener = {
  /** It is a member and was assigned these partitions; reading begins after this returns. */
  onJoined: (memberId: string, partitions: readonly number[]) => void;
  onBatch: (payload: EachBatchPayload) => Promise<void>;
  /** The server answered something. */
  onAnswer: () => void;
  /** It cannot read at the moment, and tries to come back. */
  onCrash: (error: unknown) => void;
};

export function createGroupReader(options: {
  kafka: Kafka;
  logger: Logger;
  groupId: string;
  topic: string;
  sessionTimeoutMs: number;
  /** The partitions it reads now: the group leaves them with it where it can. */
  held: () => readonly number[];
  listener: GroupReaderListener;
}): GroupReader {
  const { kafka, logger, groupId, topic, sessionTimeoutMs, held, listener } = options;
  const stopping = new AbortController();
  let crash: unknown;
  let consumer = create();

  function create(): Consumer {
    const created = kafka.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.floor(sessionTimeoutMs / 10),
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      partitionAssigners: [createStickyAssigner(topic, held)],
      maxWaitTimeInMs: MAXIMUM_WAIT_MS,
      maxBytesPerPartition: BYTES_PER_PARTITION,
      maxBytes: BYTES_PER_FETCH,
      allowAutoTopicCreation: false,
      retry: KAFKA_RETRY,
    });
    created.on(created.events.GROUP_JOIN, ({ payload }) => {
      crash = undefined;
      listener.onJoined(payload.memberId, payload.memberAssignment[topic] ?? []);
      listener.onAnswer();
    });
    created.on(created.events.FETCH, listener.onAnswer);
    created.on(created.events.HEARTBEAT, listener.onAnswer);
    created.on(created.events.CRASH, ({ payload }) => {
      crash = payload.error;
      listener.onCrash(payload.error);
      // Else the library comes back by itself.
      if (!payload.restart && created === consumer) void restart();
    });
    return created;
  }
  const isStopping = (): boolean => stopping.signal.aborted;
  const run = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: BATCHES_AT_ONCE,
      eachBatch: listener.onBatch,
    });
  };
  /** The library takes a failure to join for a crash, and says so by that alone. */
  const join = async (): Promise<void> => {
    crash = undefined;
    await run();
    if (crash !== undefined) throw crash as Error;
  };
  let started = false;
  const restart = async (): Promise<void> => {
    while (started && !isStopping()) {
      await delay(RESTART_AFTER_MS, stopping.signal);
      if (isStopping()) return;
      logger.info({ groupId }, 'reading anew after a failure');
      await consumer.disconnect().catch(() => undefined);
      if (isStopping()) return;
      consumer = create();
      try {
        await run();
        return;
      } catch (error) {
        listener.onCrash(error);
      }
    }
  };
  /** The library throws while it is between two starts; it forgets what was paused then anyway. */
  const whileRunning = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      logger.debug({ err: error, groupId }, 'the reader is not running');
    }
  };
  const disconnect = async (): Promise<void> => {
    const limit = new AbortController();
    await Promise.race([
      consumer
        .disconnect()
        .catch((error: unknown) => logger.warn({ err: error, groupId }, 'left without saying so')),
      delay(STOP_WITHIN_MS, limit.signal),
    ]);
    limit.abort();
  };

  return {
    async start() {
      for (let tries = 1; ; tries += 1) {
        try {
          await join();
          started = true;
          return;
        } catch (error) {
          await disconnect();
          if (tries === COORDINATOR_TRIES || !isCoordinatorAbsence(error)) {
            stopping.abort();
            throw error;
          }
        }
        await delay(backOffMs(COORDINATOR_BACK_OFF, tries));
        consumer = create();
      }
    },
    seek: (partition, offset) =>
      whileRunning(() => consumer.seek({ topic, partition, offset: String(offset) })),
    pause: (partitions) =>
      whileRunning(() => consumer.pause([{ topic, partitions: [...partitions] }])),
    resume: (partitions) =>
      whileRunning(() => consumer.resume([{ topic, partitions: [...partitions] }])),
    pauseAll: () => whileRunning(() => consumer.pause([{ topic }])),
    async stop() {
      stopping.abort();
      await disconnect();
    },
  };
}
