import {
  createBreaker,
  type Breaker,
  type BreakerOptions,
  type Clock,
  type Logger,
} from '@berkas/service-kit';
import { ModelError, modelUnavailable } from './model-error.ts';

export const DEFAULT_BREAKER: BreakerOptions = {
  errorThresholdPercentage: 50,
  volumeThreshold: 8,
  windowMs: 60_000,
  resetTimeoutMs: 15_000,
};

/**
 * Keeps calls from an endpoint that is down: they reject with `model_unavailable` (`breaker_open`,
 * or `closed` for good). Only retryable failures count: a rejected request or a refusal is an
 * answer. So is a refusal that says when to come back, which the gate honours.
 */
export const createModelBreaker = (dependencies: {
  /** As people read it. */
  name: string;
  options: BreakerOptions;
  clock: Clock;
  logger: Logger;
}): Breaker =>
  createBreaker({
    ...dependencies,
    isFailure: (error) =>
      error instanceof ModelError && error.retryable && error.retryAfterMs === undefined,
    rejection: (reason, retryAfterMs) =>
      reason === 'closed'
        ? modelUnavailable('closed')
        : modelUnavailable('breaker_open', { retryAfterMs }),
  });
