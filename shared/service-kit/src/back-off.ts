export type BackOff = {
  /** Before the first repeat, in milliseconds. */
  initialMs: number;
  /** No wait is longer than this. */
  maximumMs: number;
};

/**
 * Exponential back-off with full jitter: uniform between 0 and the doubled, capped wait.
 * Source: Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 */
export function backOffMs(
  { initialMs, maximumMs }: BackOff,
  attempt: number,
  random: () => number = Math.random,
): number {
  return random() * Math.min(maximumMs, initialMs * 2 ** Math.max(0, attempt - 1));
}

/** Resolves once the work has ended or the time is over, whichever is first; rejects as the work does. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  // The wait is ended with the work: a timer that is left would keep the process from ending.
  const over = new AbortController();
  try {
    await Promise.race([work, delay(ms, over.signal)]);
  } finally {
    over.abort();
  }
}

/** Waits; ends early, without an error, when the signal is aborted. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
