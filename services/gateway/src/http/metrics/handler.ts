import type { Metrics } from '@berkas/service-kit';
import type { Middleware } from 'koa';

/** `GET /metrics`: for Prometheus. Not part of the API that clients program against. */
export const metricsHandler =
  (metrics: Metrics): Middleware =>
  async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.type = metrics.contentType;
    ctx.body = await metrics.render();
  };
