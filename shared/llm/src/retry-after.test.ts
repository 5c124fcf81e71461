import { describe, expect, it } from '@jest/globals';
import { createFakeTime } from './__fixtures__/fake-time.ts';
import { MAXIMUM_RETRY_AFTER_MS, retryAfterMs } from './retry-after.ts';

const read = (headers: Record<string, string>): number | undefined =>
  retryAfterMs(new Headers(headers), createFakeTime('2025-01-01T00:00:00Z').clock);

describe('Retry-After', () => {
  it.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '1500.5' }, 1_500.5],
    [{ 'retry-after-ms': 'soon', 'retry-after': '1' }, 1_000],
    [{ 'retry-after': 'Wed, 01 Jan 2025 00:01:00 GMT' }, 60_000],
  ])('is read from %p', (headers, expected) => {
    expect(read(headers)).toBe(expected);
  });

  it('is nothing where it is missing or cannot be understood', () => {
    expect(read({})).toBeUndefined();
    expect(read({ 'retry-after': 'soon' })).toBeUndefined();
    expect(read({ 'retry-after': '' })).toBeUndefined();
  });

  it('is no wait at all when its date is past', () => {
    expect(read({ 'retry-after': 'Wed, 01 Jan 2020 00:00:00 GMT' })).toBe(0);
  });

  it('is never longer than the limit', () => {
    expect(read({ 'retry-after': '999999999' })).toBe(MAXIMUM_RETRY_AFTER_MS);
    expect(read({ 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' })).toBe(MAXIMUM_RETRY_AFTER_MS);
  });
});
