import { backOffMs, BerkasError, delay, type BackOff } from '@berkas/service-kit';

export type RetryPolicy = BackOff & {
  /** How often an event is tried at least before it is given up; Infinity for ever. At least 1. */
  readonly attempts: number;
  /**
   * How long it is tried at least, from its first try. An outage is over after a time, not after a
   * number of tries: eight of them are gone in half a minute.
   */
  readonly patienceMs: number;
};

/**
 * An endpoint that restarts or a disk that is cleared within ten minutes costs no event. Beyond that,
 * one event of each place under way is given up every ten minutes or so, and the rest wait.
 */
export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 8,
  patienceMs: 10 * 60_000,
  initialMs: 500,
  maximumMs: 30_000,
};

/** No answer of another server makes a message wait longer than this. */
const MAXIMUM_WAIT_MS = 10 * 60_000;

/** Full jitter, added to what the other side asked for, so that a crowd does not return as one. */
export function waitMs(
  policy: BackOff,
  failed: { attempt: number; error: unknown },
  random: () => number,
): number {
  const asked = failed.error instanceof BerkasError ? (failed.error.retryAfterMs ?? 0) : 0;
  return Math.min(MAXIMUM_WAIT_MS, asked + backOffMs(policy, failed.attempt, random));
}

export type Attempted<Result> =
  | { readonly ok: true; readonly result: Result; readonly attempts: number }
  | { readonly ok: false; readonly error: unknown; readonly attempts: number };

/**
 * Tries until it succeeds, or fails in a way that `again` does not want repeated. Ends as failed
 * once the signal is aborted, after the try or wait under way: the caller looks at the signal.
 */
export async function attempt<Result>(
  work: (attempt: number) => Promise<Result>,
  options: {
    policy: BackOff;
    signal: AbortSignal;
    random: () => number;
    again: (error: unknown, attempt: number) => boolean;
    onRetry: (retry: { error: unknown; attempt: number; waitMs: number }) => void;
  },
): Promise<Attempted<Result>> {
  const { policy, signal, random, again, onRetry } = options;
  for (let attempts = 1; ; attempts += 1) {
    try {
      return { ok: true, result: await work(attempts), attempts };
    } catch (error) {
      const failed: Attempted<Result> = { ok: false, error, attempts };
      if (signal.aborted || !again(error, attempts)) return failed;
      const wait = waitMs(policy, { attempt: attempts, error }, random);
      onRetry({ error, attempt: attempts, waitMs: wait });
      await delay(wait, signal);
      // Read through a function: the compiler holds the flag for unchanged since the check above.
      if (isAborted(signal)) return failed;
    }
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;
