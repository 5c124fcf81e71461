import CircuitBreaker from 'opossum';
import { isoNow, type Clock } from './clock.ts';
import { BerkasError } from './errors.ts';
import type { Logger } from './logger.ts';
import type { HealthCheck } from './service.ts';

export type BreakerState = 'closed' | 'open' | 'half_open';

export type BreakerOptions = {
  /** Opens when more than this share of the window's calls failed, in percent. */
  readonly errorThresholdPercentage: number;
  /** Never opens on fewer calls than this in the window; opens on as many failures in a row. */
  readonly volumeThreshold: number;
  readonly windowMs: number;
  /** How long it stays open before one call is let through to see. */
  readonly resetTimeoutMs: number;
};

export interface Breaker {
  /** What it guards, as people read it: `language model`, `Elasticsearch`. */
  readonly name: string;
  /**
   * Makes the call, or rejects without making it while the breaker is open. While one call tries
   * whether the other side is back the rest wait for its outcome; the signal ends that wait, and
   * `run` rejects with its reason. Every call needs a deadline of its own, and none may run another
   * on the same breaker: it would wait for itself.
   */
  run<Result>(call: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  state(): BreakerState;
  /** `failed` until the other side answers again: since when, and when it is tried. */
  health(): HealthCheck;
  /** Returns what takes the listener off again. */
  onChange(listener: (state: BreakerState) => void): () => void;
  /** For good: every later call is rejected. Safe to repeat. */
  close(): void;
}

const rejections = new WeakSet<object>();

/** Whether an open breaker kept the call from being made: the error, or one that it was caused by. */
export function isBreakerRejection(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (rejections.has(cause)) return true;
  }
  return false;
}

/**
 * Keeps calls from what is down. Only failures by `isFailure` count: any other `BerkasError` is an
 * answer. Whatever else a call ends with, such as an abort, says nothing: it is not counted, and if
 * it was the call that should have shown whether the other side is back, the breaker opens again.
 */
export function createBreaker(options: {
  name: string;
  options: BreakerOptions;
  clock: Clock;
  logger: Logger;
  isFailure: (error: unknown) => boolean;
  /** What a call is rejected with that is not made; `closed`: none will be made any more. */
  rejection: (reason: 'open' | 'closed', retryAfterMs: number) => BerkasError;
}): Breaker {
  const { name, clock, rejection } = options;
  const { resetTimeoutMs } = options.options;
  const logger = options.logger.child({ dependency: name });
  const circuit = createCircuit(options.options, options.isFailure);
  /** Where calls are few or take long to fail, each has left the window before the next one fails. */
  let failuresInARow = 0;
  const listeners = new Set<(state: BreakerState) => void>();
  const waiting = new Set<() => void>();
  let awaySince: string | undefined;
  let triedAtMs = 0;

  const changed = (state: BreakerState): void => {
    if (state === 'open') triedAtMs = clock.now().getTime() + resetTimeoutMs;
    if (state === 'open' && awaySince === undefined) {
      awaySince = isoNow(clock);
      logger.warn('circuit breaker opened');
    }
    if (state === 'closed') {
      failuresInARow = 0;
      logger.warn({ awaySince }, 'circuit breaker closed');
      awaySince = undefined;
    }
    for (const listener of [...listeners]) listener(state);
    for (const goOn of [...waiting]) goOn();
  };
  circuit.on('open', () => changed('open'));
  circuit.on('halfOpen', () => changed('half_open'));
  circuit.on('close', () => changed('closed'));

  const untilTriedMs = (): number => Math.max(0, triedAtMs - clock.now().getTime());
  const state = (): BreakerState =>
    circuit.opened ? 'open' : circuit.halfOpen ? 'half_open' : 'closed';
  /** One call is out to see whether the other side is back. */
  const isTrying = (): boolean => circuit.halfOpen && !circuit.pendingClose;

  const untilChanged = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      const goOn = (): void => {
        waiting.delete(goOn);
        signal?.removeEventListener('abort', goOn);
        resolve();
      };
      waiting.add(goOn);
      signal?.addEventListener('abort', goOn, { once: true });
    });

  const openAfterTooMany = (): void => {
    const isClosed = !circuit.opened && !circuit.halfOpen && !circuit.isShutdown;
    if (isClosed && failuresInARow >= options.options.volumeThreshold) circuit.open();
  };
  const counted = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    try {
      const result = await call();
      failuresInARow = 0;
      return result;
    } catch (error) {
      if (options.isFailure(error)) failuresInARow += 1;
      else if (error instanceof BerkasError) failuresInARow = 0;
      throw error;
    }
  };

  return {
    name,
    async run<Result>(call: () => Promise<Result>, signal?: AbortSignal) {
      signal?.throwIfAborted();
      while (isTrying()) {
        await untilChanged(signal);
        signal?.throwIfAborted();
      }
      try {
        return (await circuit.fire(() => counted(call))) as Result;
      } catch (error) {
        if (options.isFailure(error)) openAfterTooMany();
        if (!(error instanceof Error) || !CircuitBreaker.isOurError(error)) throw error;
        if (circuit.isShutdown) throw rejection('closed', 0);
        const turnedAway = rejection('open', untilTriedMs());
        rejections.add(turnedAway);
        throw turnedAway;
      }
    },
    state,
    health() {
      if (awaySince === undefined) return { status: 'ok', detail: 'answering' };
      const next = circuit.opened
        ? `tried again in ${Math.ceil(untilTriedMs() / 1000)} s`
        : isTrying()
          ? 'being tried now'
          : 'tried again by the next call';
      return { status: 'failed', detail: `away since ${awaySince}, ${next}` };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      circuit.shutdown();
      for (const goOn of [...waiting]) goOn();
    },
  };
}

type Circuit = CircuitBreaker<[() => Promise<unknown>]>;

function createCircuit(options: BreakerOptions, isFailure: (error: unknown) => boolean): Circuit {
  const circuit: Circuit = new CircuitBreaker((call: () => Promise<unknown>) => call(), {
    timeout: false, // Each call has its own deadline, which also frees the connection.
    errorThresholdPercentage: options.errorThresholdPercentage,
    volumeThreshold: options.volumeThreshold,
    rollingCountTimeout: options.windowMs,
    resetTimeout: options.resetTimeoutMs,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    // What it filters out passes for a success, and one closes the breaker while it is half open.
    errorFilter: (error: unknown) =>
      !isFailure(error) && (error instanceof BerkasError || !circuit.halfOpen),
  });
  return circuit;
}
