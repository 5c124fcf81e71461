import { randomUUID } from 'node:crypto';
import type { Logger } from '@berkas/service-kit';
import type { Middleware } from 'koa';

const REQUEST_ID = /^[\w.:-]{1,128}$/u;

/**
 * Gives each request an id (the caller's own, when it is a plain one) and writes one line for it.
 * The line holds the route's pattern rather than the path, and no query: neither can carry anything
 * of a person.
 */
export function requestLog(logger: Logger): Middleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    const given = ctx.get('x-request-id');
    const requestId = REQUEST_ID.test(given) ? given : randomUUID();
    ctx.state['requestId'] = requestId;
    ctx.set('X-Request-Id', requestId);
    ctx.res.once('close', () => {
      logger.info(
        {
          requestId,
          method: ctx.method,
          route: (ctx['_matchedRoute'] as string | undefined) ?? null,
          status: ctx.res.headersSent ? ctx.res.statusCode : null,
          ms: Math.round(performance.now() - startedAt),
          ...(ctx.res.writableFinished ? {} : { cut: true }),
        },
        'request',
      );
    });
    await next();
  };
}
