import type { HealthResponse } from '@berkas/contracts';
import { SERVICE_VERSION, type HealthCheck } from '@berkas/service-kit';
import type { Middleware } from 'koa';

export type HealthDependencies = {
  /** The gateway's own checks: one that fails means that it takes no requests. */
  readonly ownChecks: () => Record<string, HealthCheck>;
  /** Checks of what it depends on: one that fails means that it does less than it should. */
  readonly otherChecks: () => Record<string, HealthCheck>;
};

/** `GET /healthz`: the process is alive. A restart would help nothing that `readyz` reports. */
export const aliveHandler = (): Middleware => (ctx) => {
  ctx.set('Cache-Control', 'no-store');
  ctx.body = { status: 'ok', checks: {}, version: SERVICE_VERSION } satisfies HealthResponse;
};

/** `GET /readyz`: 200 when every check is well, 503 otherwise. */
export const readyHandler =
  ({ ownChecks, otherChecks }: HealthDependencies): Middleware =>
  (ctx) => {
    const own = ownChecks();
    const other = otherChecks();
    const failed = (checks: Record<string, HealthCheck>): boolean =>
      Object.values(checks).some(({ status }) => status === 'failed');
    const status = failed(own) ? 'unavailable' : failed(other) ? 'degraded' : 'ok';
    ctx.set('Cache-Control', 'no-store');
    ctx.status = status === 'ok' ? 200 : 503;
    ctx.body = {
      status,
      checks: { ...other, ...own },
      version: SERVICE_VERSION,
    } satisfies HealthResponse;
  };
