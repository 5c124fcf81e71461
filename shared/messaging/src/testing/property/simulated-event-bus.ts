import type {
  DeliveredMessage,
  EventBus,
  OutgoingMessage,
  SubscribeOptions,
  Subscription,
} from '../../event-bus.ts';
import { createMessageDispatcher } from '../../message-dispatcher.ts';
import { createOffsetTracker } from '../../offset-tracker.ts';
import { createFaultyPublish } from './faulty-publish.ts';
import type { MortalProcess } from './mortal-process.ts';
import type { PublishFault } from './scenario.ts';

export type Commit = {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly position: number;
};

/** What outlives every process: the messages, and what each group has committed. */
export interface SimulatedLog {
  append(messages: readonly OutgoingMessage[]): void;
  /** Of all partitions, in the order in which they were published. */
  messages(topic: string): readonly DeliveredMessage[];
  position(group: string, topic: string, partition: number): number;
  /** A bus of one process on this log. What it does after the death of the process never happened. */
  open(process: MortalProcess): EventBus;
}

/**
 * An event bus in memory of which every step is the test's to order: a publication is a step before
 * it is durable and one before its answer, and so is a commit. The dispatcher and the trackers are
 * those of the real adapters.
 */
export function createSimulatedLog(options: {
  partitions: number;
  nextFault: () => PublishFault;
  onCommit: (commit: Commit) => void;
}): SimulatedLog {
  const { partitions, nextFault, onCommit } = options;
  const topics = new Map<string, DeliveredMessage[]>();
  const positions = new Map<string, number>();
  const watchers = new Set<(message: DeliveredMessage) => void>();
  const nameOf = (group: string, topic: string, partition: number): string =>
    `${group}/${topic}/${partition}`;

  const log: SimulatedLog = {
    append(messages) {
      for (const message of messages) {
        const all = topics.get(message.topic) ?? [];
        const partition = partitionOf(message.key, partitions);
        const offset = all.filter((each) => each.partition === partition).length;
        const delivered = { ...message, partition, offset: String(offset), timestampMs: 0 };
        topics.set(message.topic, [...all, delivered]);
        for (const watcher of watchers) watcher(delivered);
      }
    },
    messages: (topic) => topics.get(topic) ?? [],
    position: (group, topic, partition) => positions.get(nameOf(group, topic, partition)) ?? 0,
    open: (process) => ({
      publish: createFaultyPublish({
        // eslint-disable-next-line @typescript-eslint/require-await -- the port wants a promise
        append: async (messages) => log.append(messages),
        process,
        nextFault,
      }),
      subscribe: (subscribing) => Promise.resolve(subscribe(process, subscribing)),
      replay: () => {
        throw new Error('A simulated bus is read through its log.');
      },
      close: () => Promise.resolve(),
    }),
  };

  const subscribe = (process: MortalProcess, subscribing: SubscribeOptions): Subscription => {
    const { group, topic, concurrency, onMessage } = subscribing;
    const trackers = Array.from({ length: partitions }, (_, partition) =>
      createOffsetTracker(BigInt(log.position(group, topic, partition))),
    );
    const trackerOf = (partition: number) => {
      const tracker = trackers[partition];
      if (tracker === undefined) throw new RangeError(`There is no partition ${partition}.`);
      return tracker;
    };
    const commit = async (partition: number): Promise<void> => {
      await process.step('commit');
      const position = Number(trackerOf(partition).position());
      positions.set(nameOf(group, topic, partition), position);
      onCommit({ group, topic, partition, position });
    };
    const commits = new Set<Promise<void>>();
    const dispatcher = createMessageDispatcher({
      concurrency,
      onMessage,
      onFinished({ partition, offset }) {
        trackerOf(partition).finish(BigInt(offset));
        commits.add(commit(partition));
        dispatcher.start();
      },
      onRejected: () => dispatcher.start(),
    });
    const take = (message: DeliveredMessage): void => {
      if (message.topic !== topic) return;
      const offset = BigInt(message.offset);
      if (offset < log.position(group, topic, message.partition)) return;
      trackerOf(message.partition).begin(offset);
      dispatcher.offer(message);
      dispatcher.start();
    };
    log.messages(topic).forEach(take);
    watchers.add(take);
    process.onDeath(() => watchers.delete(take));
    return {
      pause: () => dispatcher.pause(),
      resume() {
        dispatcher.resume();
        dispatcher.start();
      },
      lag: () => Promise.resolve(0),
      inFlight: () => dispatcher.inFlight(),
      health: () => ({ status: 'ok', detail: 'simulated' }),
      async stop() {
        watchers.delete(take);
        await dispatcher.stop();
        await Promise.all(commits);
      },
    };
  };
  return log;
}

const partitionOf = (key: string, partitions: number): number =>
  Buffer.from(key).reduce((sum, byte) => sum + byte, 0) % partitions;
