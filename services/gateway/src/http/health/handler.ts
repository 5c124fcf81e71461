import { alive, readiness, type HealthChecks } from '@berkas/service-kit';
import type { Middleware } from 'koa';

export type HealthDependencies = {
  /** The gateway's own checks: one that fails means that it takes no requests. */
  readonly ownChecks: () => HealthChecks;
  /** Checks of what it depends on: one that fails means that it does less than it should. */
  readonly otherChecks: () => HealthChecks;
};

export const aliveHandler = (): Middleware => (ctx) => {
  ctx.set('Cache-Control', 'no-store');
  ctx.body = alive;
};

export const readyHandler =
  ({ ownChecks, otherChecks }: HealthDependencies): Middleware =>
  (ctx) => {
    const { httpStatus, body } = readiness(ownChecks(), otherChecks());
    ctx.set('Cache-Control', 'no-store');
    ctx.status = httpStatus;
    ctx.body = body;
  };
