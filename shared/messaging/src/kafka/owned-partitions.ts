import { createOffsetTracker, type OffsetTracker } from '../offset-tracker.ts';

/** What is read ahead of one partition at most: bounds memory, and what a busy key holds up. */
const MAXIMUM_WAITING_BYTES = 4 * 1024 * 1024;
/** How far reading may run past the first unfinished message: what a crash repeats at most. */
const MAXIMUM_SPAN = 10_000;

/** One partition for as long as this member reads it without a break. */
export interface OwnedPartition {
  readonly partition: number;
  /** Undefined before the first batch. One past the last message read. */
  nextToRead(): bigint | undefined;
  /** Reading begins at this offset, which is the group's position. */
  begin(offset: bigint): void;
  /** A message is read and waits. */
  read(offset: bigint, bytes: number): void;
  /** Offsets before this one hold no message for us: markers, or what compaction removed. */
  skipTo(offset: bigint): void;
  /** A waiting message is under way now. */
  started(bytes: number): void;
  finished(offset: bigint): void;
  rejected(): void;
  rejections(): number;
  /** The position to commit, if it is further than what is committed. */
  uncommitted(): bigint | undefined;
  committed(position: bigint): void;
  /** Whether one more message may be read ahead. */
  hasRoom(lookAhead: number): boolean;
}

export function createOwnedPartition(partition: number): OwnedPartition {
  let tracker: OffsetTracker | undefined;
  let next: bigint | undefined;
  let committedTo = 0n;
  let waiting = 0;
  let waitingBytes = 0;
  let rejections = 0;

  const begun = (): OffsetTracker => {
    if (tracker === undefined) throw new RangeError(`Partition ${partition} is not begun.`);
    return tracker;
  };
  return {
    partition,
    nextToRead: () => next,
    begin(offset) {
      tracker = createOffsetTracker(offset);
      next = offset;
      committedTo = offset;
    },
    read(offset, bytes) {
      begun().begin(offset);
      next = offset + 1n;
      waiting += 1;
      waitingBytes += bytes;
    },
    skipTo(offset) {
      if (next === undefined || offset <= next) return;
      begun().begin(offset - 1n);
      begun().finish(offset - 1n);
      next = offset;
    },
    started(bytes) {
      waiting -= 1;
      waitingBytes -= bytes;
    },
    finished: (offset) => tracker?.finish(offset),
    rejected: () => void (rejections += 1),
    rejections: () => rejections,
    uncommitted() {
      const position = tracker?.position();
      return position !== undefined && position > committedTo ? position : undefined;
    },
    committed(position) {
      if (position > committedTo) committedTo = position;
    },
    hasRoom: (lookAhead) =>
      waiting < lookAhead &&
      waitingBytes < MAXIMUM_WAITING_BYTES &&
      (tracker?.span() ?? 0) < MAXIMUM_SPAN,
  };
}

/** The partitions that this member of a group reads now. */
export interface OwnedPartitions {
  get(partition: number): OwnedPartition | undefined;
  all(): OwnedPartition[];
  owns(owned: OwnedPartition): boolean;
  /**
   * The member has joined the group and reads these. Answers what it goes on reading and what it
   * reads no more. A new member id means that the group took this one for dead: others may have read
   * its partitions meanwhile, and all begin anew from what is committed.
   */
  assign(
    memberId: string,
    partitions: readonly number[],
  ): { kept: OwnedPartition[]; lost: OwnedPartition[] };
  /** Reads this partition anew from what is committed; answers what it was. */
  restart(owned: OwnedPartition): void;
}

export function createOwnedPartitions(): OwnedPartitions {
  let owned = new Map<number, OwnedPartition>();
  let member: string | undefined;
  return {
    get: (partition) => owned.get(partition),
    all: () => [...owned.values()],
    owns: (candidate) => owned.get(candidate.partition) === candidate,
    assign(memberId, partitions) {
      const before = owned;
      const stays = memberId === member;
      owned = new Map(
        partitions.map((partition) => [
          partition,
          (stays ? before.get(partition) : undefined) ?? createOwnedPartition(partition),
        ]),
      );
      member = memberId;
      const isKept = (candidate: OwnedPartition): boolean =>
        owned.get(candidate.partition) === candidate;
      return {
        kept: [...before.values()].filter(isKept),
        lost: [...before.values()].filter((candidate) => !isKept(candidate)),
      };
    },
    restart: ({ partition }) => void owned.set(partition, createOwnedPartition(partition)),
  };
}
