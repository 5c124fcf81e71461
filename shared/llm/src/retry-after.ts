import type { Clock } from '@berkas/service-kit';

/** A wrong or hostile header must not silence the process for a day; asking again is harmless. */
export const MAXIMUM_RETRY_AFTER_MS = 10 * 60_000;

/**
 * How long the endpoint asks to be left alone, in milliseconds; undefined when it does not say or
 * cannot be understood. `retry-after-ms` is more exact and goes first.
 * Source of `Retry-After` (seconds, or a date): RFC 9110, section 10.2.3.
 */
export function retryAfterMs(
  headers: { get(name: string): string | null },
  clock: Clock,
): number | undefined {
  const milliseconds = number(headers.get('retry-after-ms'));
  if (milliseconds !== undefined) return bounded(milliseconds);
  const value = headers.get('retry-after');
  const seconds = number(value);
  if (seconds !== undefined) return bounded(seconds * 1000);
  const date = Date.parse(value ?? '');
  return Number.isNaN(date) ? undefined : bounded(date - clock.now().getTime());
}

const number = (value: string | null): number | undefined =>
  value !== null && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;

const bounded = (ms: number): number => Math.min(MAXIMUM_RETRY_AFTER_MS, Math.max(0, ms));
