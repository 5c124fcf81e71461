import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createBreaker, type Breaker } from './breaker.ts';
import { systemClock } from './clock.ts';
import { eitherBreaker } from './either-breaker.ts';
import { BerkasError } from './errors.ts';
import { createFlow } from './flow.ts';
import { createLogger } from './logger.ts';

const down = new BerkasError('Down.', { code: 'down', retryable: true });
const breakerOf = (name: string, resetTimeoutMs: number): Breaker =>
  createBreaker({
    name,
    options: { errorThresholdPercentage: 50, volumeThreshold: 1, windowMs: 60_000, resetTimeoutMs },
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    isFailure: (error) => error === down,
    rejection: () => new BerkasError('Open.', { code: 'open', retryable: true }),
  });
const open = (breaker: Breaker): Promise<unknown> =>
  breaker.run(() => Promise.reject(down)).catch(() => undefined);

let primary: Breaker;
let fallback: Breaker;
beforeEach(() => {
  primary = breakerOf('language model', 600_000);
  fallback = breakerOf('fallback language model', 20);
});
afterEach(() => {
  primary.close();
  fallback.close();
});

it('is away only while both are, and goes on when either may be tried again', async () => {
  const either = eitherBreaker(primary, fallback);
  const flow = createFlow([either]);
  const told: string[][] = [];
  flow.onChange(() => told.push([...flow.blockedBy()]));

  await open(primary);
  expect(flow.blockedBy()).toEqual([]);
  expect(either.health()).toEqual({ status: 'ok', detail: 'answering' });

  await open(fallback);
  expect(told).toEqual([['language model']]);
  expect(either.health().status).toBe('failed');

  await flow.ready(new AbortController().signal);
  expect(either.state()).toBe('half_open');
  await fallback.run(() => Promise.resolve());
  expect(either.state()).toBe('closed');
  expect(told).toEqual([['language model'], []]);
});

it('tells nobody who listens no more', async () => {
  let told = 0;
  eitherBreaker(primary, fallback).onChange(() => (told += 1))();
  await open(primary);
  await open(fallback);
  expect(told).toBe(0);
});
