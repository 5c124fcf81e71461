import CircuitBreaker from 'opossum';
import type { Clock, HealthCheck, Logger } from '@berkas/service-kit';
import { ModelError, modelUnavailable } from './model-error.ts';

export type BreakerState = 'closed' | 'open' | 'half_open';

export type BreakerOptions = {
  /** Opens when more than this share of the window's calls failed, in percent. */
  readonly errorThresholdPercentage: number;
  /** Never opens on fewer calls than this in the window. */
  readonly volumeThreshold: number;
  readonly windowMs: number;
  /** How long it stays open before one call is let through to see. */
  readonly resetTimeoutMs: number;
};

export const DEFAULT_BREAKER: BreakerOptions = {
  errorThresholdPercentage: 50,
  volumeThreshold: 8,
  windowMs: 60_000,
  resetTimeoutMs: 15_000,
};

export type Breaker = {
  /** Rejects with `model_unavailable` (`breaker_open`, or `closed` for good) without calling. */
  readonly run: <Result>(call: () => Promise<Result>) => Promise<Result>;
  readonly state: () => BreakerState;
  readonly health: () => HealthCheck;
  /** Returns what takes the listener off again. */
  readonly onChange: (listener: (state: BreakerState) => void) => () => void;
  readonly close: () => void;
};

/**
 * Keeps calls from an endpoint that is down. Only retryable failures count: a rejected request or a
 * refusal is an answer. So is a refusal that says when to come back, which the retries honour.
 */
export function createBreaker(options: {
  breaker: BreakerOptions;
  clock: Clock;
  logger: Logger;
}): Breaker {
  const { clock, logger } = options;
  const circuit = createCircuit(options.breaker);
  const listeners = new Set<(state: BreakerState) => void>();
  let opensAgainAtMs = 0;

  const changed = (state: BreakerState): void => {
    if (state === 'open') opensAgainAtMs = clock.now().getTime() + options.breaker.resetTimeoutMs;
    logger.warn({ state }, 'circuit breaker of the language model changed');
    for (const listener of listeners) listener(state);
  };
  circuit.on('open', () => changed('open'));
  circuit.on('halfOpen', () => changed('half_open'));
  circuit.on('close', () => changed('closed'));

  const untilTriedMs = (): number => Math.max(0, opensAgainAtMs - clock.now().getTime());
  const state = (): BreakerState =>
    circuit.opened ? 'open' : circuit.halfOpen ? 'half_open' : 'closed';

  return {
    async run<Result>(call: () => Promise<Result>) {
      try {
        return (await circuit.fire(call)) as Result;
      } catch (error) {
        if (!(error instanceof Error) || !CircuitBreaker.isOurError(error)) throw error;
        if (circuit.isShutdown) throw modelUnavailable('closed');
        throw modelUnavailable('breaker_open', { retryAfterMs: untilTriedMs() });
      }
    },
    state,
    health: () => healthOf(state(), untilTriedMs()),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => circuit.shutdown(),
  };
}

type Circuit = CircuitBreaker<[() => Promise<unknown>]>;

function createCircuit(options: BreakerOptions): Circuit {
  const circuit: Circuit = new CircuitBreaker((call: () => Promise<unknown>) => call(), {
    timeout: false, // Each call has its own deadline, which also frees the connection.
    errorThresholdPercentage: options.errorThresholdPercentage,
    volumeThreshold: options.volumeThreshold,
    rollingCountTimeout: options.windowMs,
    resetTimeout: options.resetTimeoutMs,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    errorFilter: (error: unknown) => !countsAsFailure(error, circuit.halfOpen),
  });
  return circuit;
}

function countsAsFailure(error: unknown, probing: boolean): boolean {
  if (error instanceof ModelError) return error.retryable && error.retryAfterMs === undefined;
  // A call that was abandoned proves nothing: it must not close the breaker either.
  return probing;
}

function healthOf(state: BreakerState, untilTriedMs: number): HealthCheck {
  if (state === 'closed') return { status: 'ok', detail: 'answering' };
  const next = state === 'open' ? `tried again in ${untilTriedMs} ms` : 'being tried again now';
  return { status: 'failed', detail: `circuit breaker is ${state}: ${next}` };
}
