import { backOffMs, type BackOff, type Clock, type Logger } from '@berkas/service-kit';
import { ModelError, modelUnavailable } from './model-error.ts';
import { MAXIMUM_RETRY_AFTER_MS } from './retry-after.ts';
import type { Slots } from './slots.ts';

export type RetryOptions = {
  /** Tries in all, at least 1. */
  readonly attempts: number;
  /** From the start of the first try; no wait begins that would end after it. */
  readonly budgetMs: number;
  readonly backOff: BackOff;
};

/** Waits; ends early, without an error, when the signal is aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export type Retry = <Result>(call: () => Promise<Result>, signal: AbortSignal) => Promise<Result>;

/**
 * Repeats what is retryable, with full-jitter back-off, within the budget. Once the endpoint has
 * said when to come back, no call of any caller goes out before that. A slot is held for each try,
 * not while backing off.
 *
 * An open breaker is not waited for: the caller learns of it at once and pauses what feeds it.
 */
export function createRetry(options: {
  retry: RetryOptions;
  slots: Slots;
  clock: Clock;
  random: () => number;
  wait: Wait;
  logger: Logger;
}): Retry {
  const { retry, slots, clock, random, wait, logger } = options;
  const nowMs = (): number => clock.now().getTime();
  let closedUntilMs = 0;

  // Bounded, so that a clock set back does not keep the gate shut.
  const gateMs = (): number => Math.min(MAXIMUM_RETRY_AFTER_MS, closedUntilMs - nowMs());

  const passGate = async (budgetEndsAtMs: number, signal: AbortSignal): Promise<void> => {
    for (let leftMs = gateMs(); leftMs > 0; leftMs = gateMs()) {
      if (nowMs() + leftMs > budgetEndsAtMs) {
        throw modelUnavailable('rate_limited', { retryAfterMs: leftMs });
      }
      // Not everyone in the one instant when it opens.
      await wait(leftMs + random() * retry.backOff.initialMs, signal);
      signal.throwIfAborted();
    }
  };

  /** How long to wait before the next try; undefined when there is none. */
  const nextWaitMs = (error: unknown, attempt: number, endsAtMs: number): number | undefined => {
    if (!(error instanceof ModelError) || !error.retryable) return undefined;
    if (error.details['reason'] === 'breaker_open') return undefined;
    if (error.retryAfterMs !== undefined) {
      closedUntilMs = Math.max(closedUntilMs, nowMs() + error.retryAfterMs);
    }
    if (attempt >= retry.attempts) return undefined;
    const waitMs = backOffMs(retry.backOff, attempt, random);
    return nowMs() + Math.max(waitMs, gateMs()) > endsAtMs ? undefined : waitMs;
  };

  return async (call, signal) => {
    let endsAtMs: number | undefined;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await slots.run(async () => {
          // Time spent in the queue is not the endpoint's fault and costs no budget.
          endsAtMs ??= nowMs() + retry.budgetMs;
          await passGate(endsAtMs, signal);
          return call();
        }, signal);
      } catch (error) {
        signal.throwIfAborted();
        const waitMs = nextWaitMs(error, attempt, endsAtMs ?? 0);
        if (waitMs === undefined) throw error;
        const { details } = error as ModelError;
        logger.warn({ ...details, attempt, waitMs: Math.round(waitMs) }, 'model call is repeated');
        await wait(waitMs, signal);
        signal.throwIfAborted();
      }
    }
  };
}
