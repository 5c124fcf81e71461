import { z } from 'zod';

export const HealthResponse = z.object({
  status: z.enum(['ok', 'degraded', 'unavailable']),
  checks: z.record(z.string(), z.object({ status: z.enum(['ok', 'failed']), detail: z.string() })),
  version: z.string(),
});
export type HealthResponse = z.infer<typeof HealthResponse>;
