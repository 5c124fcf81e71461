import type { Clock } from '@berkas/service-kit';
import { ModelError, modelUnavailable } from './model-error.ts';
import { MAXIMUM_RETRY_AFTER_MS } from './retry-after.ts';
import type { Slots } from './slots.ts';

/** Waits; ends early, without an error, when the signal is aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** Makes one call in a slot, or rejects with `model_unavailable` (`rate_limited`) without making it. */
export type Gate = <Result>(
  call: () => Promise<Result>,
  options: {
    signal: AbortSignal;
    /** How long the gate is waited for; what is shut for longer rejects and says how long. */
    patienceMs: number;
  },
) => Promise<Result>;

/** Not everyone in the one instant when it opens. */
const JITTER_MS = 500;

/**
 * Lets so many calls of the process out at once, and none before the endpoint wants to be asked
 * again: once any call was told when to come back, all wait for that. Repeats nothing.
 */
export function createGate(options: {
  slots: Slots;
  clock: Clock;
  random: () => number;
  wait: Wait;
}): Gate {
  const { slots, clock, random, wait } = options;
  const nowMs = (): number => clock.now().getTime();
  let shutUntilMs = 0;

  // Bounded, so that a clock set back does not keep it shut.
  const shutForMs = (): number => Math.min(MAXIMUM_RETRY_AFTER_MS, shutUntilMs - nowMs());

  const pass = async (signal: AbortSignal, patienceMs: number): Promise<void> => {
    const endsAtMs = nowMs() + patienceMs;
    for (let leftMs = shutForMs(); leftMs > 0; leftMs = shutForMs()) {
      if (nowMs() + leftMs > endsAtMs) {
        throw modelUnavailable('rate_limited', { retryAfterMs: leftMs });
      }
      await wait(leftMs + random() * JITTER_MS, signal);
      signal.throwIfAborted();
    }
  };

  const shutIfTold = (error: unknown): void => {
    // What an open breaker says is its own guess, and it turns calls away itself.
    if (!(error instanceof ModelError) || error.details['reason'] === 'breaker_open') return;
    if (error.retryAfterMs === undefined) return;
    shutUntilMs = Math.max(shutUntilMs, nowMs() + error.retryAfterMs);
  };

  return (call, { signal, patienceMs }) =>
    slots.run(async () => {
      // In the slot: another call may be told to come back later while this one queues.
      await pass(signal, patienceMs);
      try {
        return await call();
      } catch (error) {
        shutIfTold(error);
        throw error;
      }
    }, signal);
}
