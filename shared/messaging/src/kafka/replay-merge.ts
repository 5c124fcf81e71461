import type { DeliveredMessage } from '../event-bus.ts';

export type ReplayRange = {
  readonly partition: number;
  /** The first offset to replay. */
  readonly start: bigint;
  /** One past the last offset to replay. */
  readonly end: bigint;
};

/** Merges the partitions of a topic into one stream, oldest first. */
export interface ReplayMerge {
  /** Messages that were read, in order; those outside of the range are left out. */
  add(partition: number, messages: readonly DeliveredMessage[]): void;
  /** The partition was read up to, not including, this offset. */
  reached(partition: number, offset: bigint): void;
  /** Where to read on. */
  nextToRead(partition: number): bigint;
  /** Messages of the partition that wait to be taken. */
  waiting(partition: number): number;
  isRead(partition: number): boolean;
  /**
   * The oldest message, once no partition can have an older one; undefined before that. Of one
   * partition always in the order of its offsets.
   */
  take(): DeliveredMessage | undefined;
  /** Everything was taken. */
  isDone(): boolean;
}

export function createReplayMerge(ranges: readonly ReplayRange[]): ReplayMerge {
  const partitions = new Map(
    ranges.map(({ partition, start, end }) => [
      partition,
      { next: start, end, waiting: [] as DeliveredMessage[], taken: 0 },
    ]),
  );
  type Partition = NonNullable<ReturnType<typeof partitions.get>>;
  const of = (partition: number): Partition => {
    const found = partitions.get(partition);
    if (found === undefined) throw new RangeError(`Partition ${partition} is not replayed.`);
    return found;
  };
  const headOf = ({ waiting, taken }: Partition): DeliveredMessage | undefined => waiting[taken];
  const takeFrom = (partition: Partition): void => {
    partition.taken += 1;
    if (partition.taken < 1_000 && partition.taken < partition.waiting.length) return;
    partition.waiting.splice(0, partition.taken);
    partition.taken = 0;
  };

  return {
    add(number, messages) {
      const partition = of(number);
      for (const message of messages) {
        const offset = BigInt(message.offset);
        if (offset < partition.next) continue;
        partition.next = offset + 1n;
        if (offset < partition.end) partition.waiting.push(message);
      }
    },
    reached(number, offset) {
      const partition = of(number);
      if (offset > partition.next) partition.next = offset;
    },
    nextToRead: (partition) => of(partition).next,
    waiting: (partition) => of(partition).waiting.length - of(partition).taken,
    isRead: (partition) => of(partition).next >= of(partition).end,
    take() {
      let oldest: { partition: Partition; head: DeliveredMessage } | undefined;
      for (const partition of partitions.values()) {
        const head = headOf(partition);
        if (head === undefined) {
          if (partition.next < partition.end) return undefined;
          continue;
        }
        if (oldest === undefined || head.timestampMs < oldest.head.timestampMs) {
          oldest = { partition, head };
        }
      }
      if (oldest !== undefined) takeFrom(oldest.partition);
      return oldest?.head;
    },
    isDone: () =>
      [...partitions.values()].every(
        (partition) => headOf(partition) === undefined && partition.next >= partition.end,
      ),
  };
}
