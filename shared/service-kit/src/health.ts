import type { HealthResponse } from '@berkas/contracts';
import type { HealthCheck } from './service.ts';
import { SERVICE_VERSION } from './version.ts';

export type HealthChecks = Readonly<Record<string, HealthCheck>>;

/** `GET /healthz`: the process is alive. A restart would help nothing that `readyz` reports. */
export const alive: HealthResponse = { status: 'ok', checks: {}, version: SERVICE_VERSION };

/**
 * `GET /readyz`: `own` are the checks of the service itself, without which it does nothing; `others`
 * those of what it depends on, without which it does less than it should. 200 when all are well.
 */
export function readiness(
  own: HealthChecks,
  others: HealthChecks,
): { httpStatus: 200 | 503; body: HealthResponse } {
  const failed = (checks: HealthChecks): boolean =>
    Object.values(checks).some(({ status }) => status === 'failed');
  const status = failed(own) ? 'unavailable' : failed(others) ? 'degraded' : 'ok';
  return {
    httpStatus: status === 'ok' ? 200 : 503,
    body: { status, checks: { ...others, ...own }, version: SERVICE_VERSION },
  };
}
