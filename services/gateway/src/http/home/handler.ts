import { SERVICE_VERSION } from '@berkas/service-kit';
import type { Middleware } from 'koa';

/** `GET /`: where to read on. */
export const homeHandler = (): Middleware => (ctx) => {
  ctx.body = {
    name: 'berkas',
    version: SERVICE_VERSION,
    api: '/openapi.json',
    jobs: '/jobs',
    health: '/readyz',
  };
};
