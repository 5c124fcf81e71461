import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import { createFakeTime, type FakeTime } from './__fixtures__/fake-time.ts';
import { createBreaker, type Breaker, type BreakerState } from './breaker.ts';
import { modelRefused, modelUnavailable } from './model-error.ts';

const open: Breaker[] = [];
afterEach(() => open.splice(0).forEach((breaker) => breaker.close()));

function setUp(resetTimeoutMs = 60_000): { breaker: Breaker; time: FakeTime } {
  const time = createFakeTime();
  const breaker = createBreaker({
    breaker: {
      errorThresholdPercentage: 50,
      volumeThreshold: 3,
      windowMs: 60_000,
      resetTimeoutMs,
    },
    clock: time.clock,
    logger: createLogger({ level: 'silent' }),
  });
  open.push(breaker);
  return { breaker, time };
}

async function fail(breaker: Breaker, error: Error, times = 3): Promise<void> {
  for (let call = 0; call < times; call += 1) {
    await expect(breaker.run(() => Promise.reject(error))).rejects.toBe(error);
  }
}

const reached = (breaker: Breaker, state: BreakerState): Promise<void> =>
  new Promise((resolve) => {
    const stop = breaker.onChange((changed) => {
      if (changed !== state) return;
      stop();
      resolve();
    });
  });

const DOWN = modelUnavailable('http_503');

describe('the breaker', () => {
  it('stays closed on fewer failures than its threshold', async () => {
    const { breaker } = setUp();
    await fail(breaker, DOWN, 2);
    expect(breaker.state()).toBe('closed');
    expect(breaker.health()).toEqual({ status: 'ok', detail: 'answering' });
  });

  it('opens, then turns calls away without making them and says until when', async () => {
    const { breaker, time } = setUp();
    await fail(breaker, DOWN);
    time.pass(20_000);
    let called = false;
    const turnedAway = breaker.run(() => {
      called = true;
      return Promise.resolve();
    });
    await expect(turnedAway).rejects.toMatchObject({
      code: 'model_unavailable',
      retryable: true,
      retryAfterMs: 40_000,
      details: { reason: 'breaker_open' },
    });
    expect(called).toBe(false);
    expect(breaker.health()).toEqual({
      status: 'failed',
      detail: 'circuit breaker is open: tried again in 40000 ms',
    });
  });

  it.each([
    ['refusals', modelRefused()],
    ['bugs', new TypeError('a bug')],
    ['abandoned calls', new Error('aborted')],
    ['refusals that say when to come back', modelUnavailable('rate_limited', { retryAfterMs: 5 })],
  ])('does not count %s', async (_name, error) => {
    const { breaker } = setUp();
    await fail(breaker, error, 10);
    expect(breaker.state()).toBe('closed');
  });

  it('closes again when the one call that is let through succeeds', async () => {
    const { breaker } = setUp(20);
    const states: BreakerState[] = [];
    breaker.onChange((state) => states.push(state));
    const halfOpen = reached(breaker, 'half_open');
    await fail(breaker, DOWN);
    await halfOpen;
    expect(breaker.health().status).toBe('failed');

    let answer = (): void => undefined;
    const probe = breaker.run(() => new Promise<void>((resolve) => (answer = resolve)));
    await expect(breaker.run(() => Promise.resolve())).rejects.toMatchObject({
      details: { reason: 'breaker_open' },
    });
    answer();
    await probe;
    expect(states).toEqual(['open', 'half_open', 'closed']);
    await expect(breaker.run(() => Promise.resolve('answer'))).resolves.toBe('answer');
  });

  it.each([
    ['fails', DOWN],
    ['is abandoned', new Error('aborted')],
  ])('opens again when the one call that is let through %s', async (_name, error) => {
    const { breaker } = setUp(20);
    const halfOpen = reached(breaker, 'half_open');
    await fail(breaker, DOWN);
    await halfOpen;
    await fail(breaker, error, 1);
    expect(breaker.state()).toBe('open');
  });

  it('no longer tells a listener that was taken off', async () => {
    const { breaker } = setUp();
    const states: BreakerState[] = [];
    breaker.onChange((state) => states.push(state))();
    await fail(breaker, DOWN);
    expect(states).toEqual([]);
  });

  it('makes no call once it is closed for good', async () => {
    const { breaker } = setUp();
    breaker.close();
    await expect(breaker.run(() => Promise.resolve())).rejects.toMatchObject({
      code: 'model_unavailable',
      details: { reason: 'closed' },
    });
  });
});
