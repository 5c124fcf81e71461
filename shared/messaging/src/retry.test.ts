import { describe, expect, it } from '@jest/globals';
import { BerkasError } from '@berkas/service-kit';
import { waitMs } from './retry.ts';

const policy = { initialMs: 100, maximumMs: 1_000 };
const away = (retryAfterMs?: number) =>
  new BerkasError('away', { code: 'away', retryable: true, retryAfterMs });

describe('waitMs', () => {
  it('doubles up to the maximum, with full jitter', () => {
    const waits = [1, 2, 3, 4, 5, 6].map((attempt) =>
      waitMs(policy, { attempt, error: away() }, () => 0.5),
    );
    expect(waits).toEqual([50, 100, 200, 400, 500, 500]);
  });

  it('waits at least as long as the other side asked for', () => {
    expect(waitMs(policy, { attempt: 1, error: away(5_000) }, () => 0)).toBe(5_000);
    expect(waitMs(policy, { attempt: 1, error: away(5_000) }, () => 0.5)).toBe(5_050);
  });

  it('is not made to wait for hours', () => {
    expect(waitMs(policy, { attempt: 1, error: away(1e12) }, () => 0)).toBe(600_000);
  });

  it('ignores what an error that is not ours says', () => {
    expect(waitMs(policy, { attempt: 1, error: { retryAfterMs: 9 } }, () => 0)).toBe(0);
  });
});
