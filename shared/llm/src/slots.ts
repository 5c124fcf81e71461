import { abortReason } from '@berkas/service-kit';
import { onAbort } from './deadline.ts';

/** At most so many tasks at once; the rest wait their turn, first come, first served. */
export type Slots = {
  /** Rejects with the signal's reason when it is aborted before a slot is free. */
  run<Result>(task: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
};

export function createSlots(size: number): Slots {
  if (!Number.isInteger(size) || size < 1) throw new TypeError('There must be at least one slot.');
  let free = size;
  const waiting = new Set<() => void>();

  const acquire = (signal?: AbortSignal): Promise<void> => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        stopListening?.();
        resolve();
      };
      const leave = (): void => {
        waiting.delete(enter);
        if (signal !== undefined) reject(abortReason(signal));
      };
      waiting.add(enter);
      const stopListening = signal === undefined ? undefined : onAbort(signal, leave);
    });
  };

  /** Hands the slot to the one who waited longest, so that no newcomer slips in between. */
  const release = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      free += 1;
      return;
    }
    waiting.delete(next);
    next();
  };

  return {
    async run(task, signal) {
      signal?.throwIfAborted();
      await acquire(signal);
      try {
        return await task();
      } finally {
        release();
      }
    },
  };
}
