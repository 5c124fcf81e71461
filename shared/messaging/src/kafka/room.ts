import { delay } from '@berkas/service-kit';
import type { GroupReader } from './group-reader.ts';
import type { OwnedPartition } from './owned-partitions.ts';

/** Messages read ahead for each that may be under way, so that one busy key does not block others. */
const LOOK_AHEAD_FACTOR = 10;
const MINIMUM_LOOK_AHEAD = 50;
/** How long a batch waits for room before its partition is paused and others are read. */
const PATIENCE_MS = 400;
const HEARTBEAT_EVERY_MS = 100;

/** Decides how far each partition is read ahead, and pauses those that are full. */
export interface Room {
  /**
   * Resolves with true once the partition may take one more message; with false if it may not for
   * now: it is paused then, and read on from where it is once it has room.
   */
  waitFor(partition: OwnedPartition, heartbeat: () => Promise<void>): Promise<boolean>;
  /** A message was started or finished. */
  changed(): void;
  /** These partitions are read now. */
  reassigned(partitions: readonly OwnedPartition[]): void;
}

export function createRoom(options: {
  concurrency: number;
  reader: Pick<GroupReader, 'pause' | 'resume'>;
  isStopping: () => boolean;
}): Room {
  const { concurrency, reader, isStopping } = options;
  const total = Math.max(MINIMUM_LOOK_AHEAD, LOOK_AHEAD_FACTOR * concurrency);
  const paused = new Set<OwnedPartition>();
  const waiting = new Set<() => void>();
  let current: readonly OwnedPartition[] = [];

  const lookAhead = (): number =>
    Math.max(MINIMUM_LOOK_AHEAD, Math.ceil(total / Math.max(1, current.length)));

  return {
    async waitFor(partition, heartbeat) {
      const endsAt = performance.now() + PATIENCE_MS;
      while (!partition.hasRoom(lookAhead())) {
        if (isStopping() || !current.includes(partition)) return false;
        if (performance.now() > endsAt) {
          paused.add(partition);
          reader.pause([partition.partition]);
          return false;
        }
        const changed = new AbortController();
        const wake = (): void => changed.abort();
        waiting.add(wake);
        await delay(HEARTBEAT_EVERY_MS, changed.signal);
        waiting.delete(wake);
        // Tells us by throwing that the group changes; the library then joins it anew.
        await heartbeat();
      }
      return !isStopping();
    },
    changed() {
      for (const wake of waiting) wake();
      if (isStopping()) return;
      for (const partition of paused) {
        // Half empty, so that the next answer of the server is not thrown away for one message.
        if (!partition.hasRoom(Math.ceil(lookAhead() / 2))) continue;
        paused.delete(partition);
        reader.resume([partition.partition]);
      }
    },
    reassigned(partitions) {
      current = partitions;
      for (const partition of paused) {
        if (!partitions.includes(partition)) paused.delete(partition);
      }
      const full = new Set([...paused].map(({ partition }) => partition));
      const free = partitions.map(({ partition }) => partition).filter((each) => !full.has(each));
      // The library forgets or keeps its pauses as its own restarts have it.
      if (free.length > 0) reader.resume(free);
      if (full.size > 0) reader.pause([...full]);
    },
  };
}
