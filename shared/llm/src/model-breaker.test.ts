import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, type Breaker } from '@berkas/service-kit';
import { createFakeTime, type FakeTime } from './__fixtures__/fake-time.ts';
import { createModelBreaker } from './model-breaker.ts';
import { modelRefused, modelUnavailable } from './model-error.ts';

let time: FakeTime;
let breaker: Breaker;
beforeEach(() => {
  time = createFakeTime();
  breaker = createModelBreaker({
    name: 'language model',
    options: {
      errorThresholdPercentage: 50,
      volumeThreshold: 3,
      windowMs: 60_000,
      resetTimeoutMs: 60_000,
    },
    clock: time.clock,
    logger: createLogger({ level: 'silent' }),
  });
});
afterEach(() => breaker.close());

async function fail(error: Error, times: number): Promise<void> {
  for (let call = 0; call < times; call += 1) {
    await expect(breaker.run(() => Promise.reject(error))).rejects.toBe(error);
  }
}

describe('the breaker of the language model', () => {
  it('opens on an endpoint that is down and says when it is tried again', async () => {
    await fail(modelUnavailable('http_503'), 3);
    time.pass(20_000);
    await expect(breaker.run(() => Promise.resolve())).rejects.toMatchObject({
      code: 'model_unavailable',
      retryable: true,
      retryAfterMs: 40_000,
      details: { reason: 'breaker_open' },
    });
  });

  it.each([
    ['refusals', modelRefused()],
    ['refusals that say when to come back', modelUnavailable('rate_limited', { retryAfterMs: 5 })],
  ])('does not count %s', async (_name, error) => {
    await fail(error, 10);
    expect(breaker.state()).toBe('closed');
  });

  it('says of calls that come after its end that it was closed', async () => {
    breaker.close();
    await expect(breaker.run(() => Promise.resolve())).rejects.toMatchObject({
      code: 'model_unavailable',
      details: { reason: 'closed' },
    });
  });
});
