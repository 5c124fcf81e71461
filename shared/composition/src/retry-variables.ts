import type { RetryPolicy } from '@berkas/messaging';
import { z } from 'zod';

const MAXIMUM_MS = 30 * 86_400_000;
const duration = z.coerce.number().int().min(0).max(MAXIMUM_MS);

/** For how long events are tried. In milliseconds. */
export const retryVariables = {
  /** An event that keeps failing while nothing that a breaker guards is away. */
  EVENT_RETRY_PATIENCE_MS: duration.default(600_000),
  /** How much time it may lose to outages before those count like any other failure. */
  EVENT_OUTAGE_PATIENCE_MS: duration.default(86_400_000),
};

export const retryOf = (
  variables: z.output<z.ZodObject<typeof retryVariables>>,
): Partial<RetryPolicy> => ({
  patienceMs: variables.EVENT_RETRY_PATIENCE_MS,
  outagePatienceMs: variables.EVENT_OUTAGE_PATIENCE_MS,
});
