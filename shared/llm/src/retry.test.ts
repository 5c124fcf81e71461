import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import { createFakeTime, type FakeTime } from './__fixtures__/fake-time.ts';
import { modelRefused, modelUnavailable } from './model-error.ts';
import { createRetry, type Retry, type RetryOptions } from './retry.ts';
import { createSlots } from './slots.ts';

const RETRY: RetryOptions = {
  attempts: 4,
  budgetMs: 60_000,
  backOff: { initialMs: 1_000, maximumMs: 3_000 },
};

function setUp(options: Partial<RetryOptions> = {}, slots = 8): { time: FakeTime; retry: Retry } {
  const time = createFakeTime();
  const retry = createRetry({
    retry: { ...RETRY, ...options },
    slots: createSlots(slots),
    clock: time.clock,
    random: () => 0.5,
    wait: time.wait,
    logger: createLogger({ level: 'silent' }),
  });
  return { time, retry };
}

const never = new AbortController().signal;

/** Fails with these errors in turn, then succeeds; counts its calls. */
function flaky(...errors: Error[]): { call: () => Promise<string>; calls: () => number } {
  let calls = 0;
  return {
    call: () => {
      const error = errors[calls];
      calls += 1;
      return error === undefined ? Promise.resolve('answer') : Promise.reject(error);
    },
    calls: () => calls,
  };
}

describe('retries', () => {
  it('wait longer and longer, up to the limit, until a try succeeds', async () => {
    const { time, retry } = setUp();
    const down = modelUnavailable('http_500');
    const endpoint = flaky(down, down, down);
    await expect(retry(endpoint.call, never)).resolves.toBe('answer');
    expect(time.waits).toEqual([500, 1_000, 1_500]);
  });

  it('end with the last error when the tries are used up', async () => {
    const { retry } = setUp({ attempts: 2 });
    const endpoint = flaky(modelUnavailable('http_500'), modelUnavailable('timeout'));
    await expect(retry(endpoint.call, never)).rejects.toMatchObject({
      details: { reason: 'timeout' },
    });
    expect(endpoint.calls()).toBe(2);
  });

  it('end before a wait that the budget does not cover', async () => {
    const { time, retry } = setUp({ budgetMs: 1_200, attempts: 10 });
    const down = modelUnavailable('http_500');
    const endpoint = flaky(down, down, down, down);
    await expect(retry(endpoint.call, never)).rejects.toBe(down);
    expect(time.waits).toEqual([500]);
  });

  it.each([
    ['a refusal', modelRefused()],
    ['a bug', new TypeError('undefined is not a function')],
    ['an open breaker', modelUnavailable('breaker_open', { retryAfterMs: 5 })],
  ])('do not follow on %s', async (_name, error) => {
    const { time, retry } = setUp();
    const endpoint = flaky(error);
    await expect(retry(endpoint.call, never)).rejects.toBe(error);
    expect(endpoint.calls()).toBe(1);
    expect(time.waits).toEqual([]);
  });

  it('stop when the caller gives up while backing off', async () => {
    const controller = new AbortController();
    const time = createFakeTime();
    const retry = createRetry({
      retry: RETRY,
      slots: createSlots(1),
      clock: time.clock,
      random: () => 0.5,
      wait: () => {
        controller.abort(new Error('given up'));
        return Promise.resolve();
      },
      logger: createLogger({ level: 'silent' }),
    });
    const endpoint = flaky(modelUnavailable('http_500'));
    await expect(retry(endpoint.call, controller.signal)).rejects.toThrow('given up');
    expect(endpoint.calls()).toBe(1);
  });
});

describe('Retry-After', () => {
  it('is waited for by the one who got it', async () => {
    const { time, retry } = setUp();
    const startedAtMs = time.clock.now().getTime();
    const endpoint = flaky(modelUnavailable('rate_limited', { retryAfterMs: 20_000 }));
    await retry(endpoint.call, never);
    expect(time.clock.now().getTime() - startedAtMs).toBeGreaterThanOrEqual(20_000);
  });

  it('is waited for by every other caller too', async () => {
    const { time, retry } = setUp({ attempts: 1 });
    const limited = modelUnavailable('rate_limited', { retryAfterMs: 20_000 });
    await expect(retry(flaky(limited).call, never)).rejects.toBe(limited);
    expect(time.waits).toEqual([]);

    await retry(flaky().call, never);
    // And half of the first back-off, so that not all come at once.
    expect(time.waits).toEqual([20_500]);
  });

  it('that is longer than the budget fails at once and says how long', async () => {
    const { time, retry } = setUp({ budgetMs: 10_000 });
    const limited = modelUnavailable('rate_limited', { retryAfterMs: 20_000 });
    await expect(retry(flaky(limited).call, never)).rejects.toBe(limited);

    const other = flaky();
    await expect(retry(other.call, never)).rejects.toMatchObject({
      code: 'model_unavailable',
      retryAfterMs: 20_000,
    });
    expect(other.calls()).toBe(0);
    expect(time.waits).toEqual([]);
  });

  it('is over once its time has passed', async () => {
    const { time, retry } = setUp({ attempts: 1 });
    const limited = modelUnavailable('rate_limited', { retryAfterMs: 20_000 });
    await expect(retry(flaky(limited).call, never)).rejects.toBe(limited);
    time.pass(20_000);
    await retry(flaky().call, never);
    expect(time.waits).toEqual([]);
  });
});
