import { delay, type Logger } from '@berkas/service-kit';

export interface Sweeper {
  /** Sweeps once, unless told to pause first; then in the background until `stop`. */
  start(): Promise<void>;
  /** Resolves when the sweep under way is over. Safe to repeat. */
  stop(): Promise<void>;
}

/** Repeats `sweep` with a pause in between; a sweep that fails is logged and tried again. */
export function createSweeper(deps: {
  /** Answers how many it delivered. */
  sweep: () => Promise<number>;
  intervalMs: number;
  logger: Logger;
  /** Logged with a sweep that fails. */
  failed?: string;
  pausesFirst?: boolean;
}): Sweeper {
  const { failed = 'accepted work waits: publishing fails', pausesFirst = false } = deps;
  const stopping = new AbortController();
  let loop = Promise.resolve();

  async function once(): Promise<void> {
    try {
      const delivered = await deps.sweep();
      if (delivered > 0) deps.logger.warn({ delivered }, 'accepted work was published late');
    } catch (error) {
      deps.logger.error({ err: error }, failed);
    }
  }

  return {
    start: async () => {
      if (!pausesFirst) await once();
      loop = (async () => {
        for (;;) {
          await delay(deps.intervalMs, stopping.signal);
          if (stopping.signal.aborted) return;
          await once();
        }
      })();
    },
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}
