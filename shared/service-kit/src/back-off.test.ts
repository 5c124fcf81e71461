import { describe, expect, it } from '@jest/globals';
import { backOffMs, delay } from './back-off.ts';

describe('back-off with full jitter', () => {
  const backOff = { initialMs: 100, maximumMs: 1000 };

  it('doubles its ceiling with each attempt, up to the maximum', () => {
    const ceilings = [1, 2, 3, 4, 5, 9].map((attempt) => backOffMs(backOff, attempt, () => 1));
    expect(ceilings).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('goes down to no wait at all', () => {
    expect(backOffMs(backOff, 5, () => 0)).toBe(0);
  });
});

describe('a delay', () => {
  it('ends at once, and without an error, when its signal is aborted before or meanwhile', async () => {
    await delay(3_600_000, AbortSignal.abort());
    const controller = new AbortController();
    const waiting = delay(3_600_000, controller.signal);
    controller.abort();
    await waiting;
  });
});
