import type { Backlog } from '../../backlog.ts';
import { HttpProblem } from '../problem.ts';

export interface QueueLimit {
  /** Rejects with `too_many_queued` while more waits than may; nothing known is nothing waiting. */
  admit(): Promise<void>;
}

/** A queue so long is not shorter within a few seconds, and a crowd that asks makes it no shorter. */
const RETRY_AFTER_S = 30;

export function createQueueLimit(options: {
  readonly backlog: Backlog;
  readonly maxQueued: number;
}): QueueLimit {
  const { backlog, maxQueued } = options;
  return {
    admit: async () => {
      const queued = await backlog.size();
      if (queued === undefined || queued <= maxQueued) return;
      throw new HttpProblem(
        'too_many_queued',
        `${queued} wait already, more than the ${maxQueued} that may. What was accepted stays accepted. Try again in ${RETRY_AFTER_S} seconds.`,
        { headers: { 'Retry-After': String(RETRY_AFTER_S) } },
      );
    },
  };
}
