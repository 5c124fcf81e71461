import { messageOf, type Logger } from '@berkas/service-kit';
import type { OwnedPartition } from './owned-partitions.ts';

/** Least time between two commits, so that a fast stream does not commit every message. */
const PACE_MS = 100;
const RETRY_AFTER_MS = 1_000;

export type PartitionPosition = { readonly partition: number; readonly position: bigint };

/** Commits the positions of the partitions that are owned, one commit at a time. */
export interface KafkaCommitter {
  /** Something was finished: commit soon. */
  commitSoon(): void;
  /** Commits now what there is; rejects if it cannot. */
  flush(): Promise<void>;
  /** What the last commit failed with, undefined once one succeeded. */
  failure(): unknown;
  close(): void;
}

export function createKafkaCommitter(options: {
  /** The partitions owned at the moment of the call. */
  owned: () => readonly OwnedPartition[];
  /** Commits as the member that owns them at the moment of the call, or rejects. */
  commit: (positions: readonly PartitionPosition[]) => Promise<void>;
  /** The group is changing hands: no fault, and tried again. */
  isTransient: (error: unknown) => boolean;
  logger: Logger;
}): KafkaCommitter {
  const { owned, commit, isTransient, logger } = options;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failure: unknown;
  let closed = false;

  const commitOnce = async (): Promise<void> => {
    const partitions = owned().flatMap((partition) => {
      const position = partition.uncommitted();
      return position === undefined ? [] : [{ partition, position }];
    });
    // With nothing to commit, what could not be committed is no longer ours.
    if (partitions.length > 0) {
      await commit(
        partitions.map(({ partition: { partition }, position }) => ({ partition, position })),
      );
    }
    failure = undefined;
    for (const { partition, position } of partitions) partition.committed(position);
  };
  const schedule = (afterMs: number): void => {
    if (!closed) timer ??= setTimeout(commitAndGoOn, afterMs);
  };
  /** One at a time; what was finished during a commit waits for the next. */
  const exclusive = async (): Promise<void> => {
    while (running !== undefined) await running.catch(() => undefined);
    running = commitOnce().finally(() => (running = undefined));
    await running;
  };
  const commitAndGoOn = (): void => {
    timer = undefined;
    void exclusive().then(
      () => {
        if (owned().some((partition) => partition.uncommitted() !== undefined)) schedule(PACE_MS);
      },
      (error: unknown) => {
        if (!isTransient(error)) {
          failure = error;
          logger.warn({ err: error }, `positions not committed: ${messageOf(error)}`);
        }
        schedule(RETRY_AFTER_MS);
      },
    );
  };

  return {
    commitSoon: () => schedule(PACE_MS),
    flush: exclusive,
    failure: () => failure,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
