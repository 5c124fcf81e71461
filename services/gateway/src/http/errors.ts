import { isRetryable, type Logger } from '@berkas/service-kit';
import type { Context, Middleware } from 'koa';
import { HttpProblem, problemBody } from './problem.ts';

/** Asked of clients where a failing server does not say itself when to come back. */
const USUAL_WAIT_MS = 5_000;

/** The client went away before it was answered: nobody's fault, and nobody left to tell. */
export class ClientGone extends Error {}

/** Answers every error as a problem document; what is no `HttpProblem` is a bug and logged whole. */
export function errorResponses(logger: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      answer(ctx, asProblem(ctx, error, logger));
    }
  };
}

function asProblem(ctx: Context, error: unknown, logger: Logger): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const requestId = ctx.state['requestId'] as string;
  if (isRetryable(error)) {
    // A server of ours is away: its own message is for the operators, who have the log.
    logger.warn({ code: error.code, reason: error.message, requestId }, 'request turned away');
    const seconds = Math.max(1, Math.ceil((error.retryAfterMs ?? USUAL_WAIT_MS) / 1000));
    return new HttpProblem(
      'not_ready',
      `Berkas cannot do this at the moment. Try again in ${seconds} seconds; with the same Idempotency-Key nothing is done twice.`,
      { headers: { 'Retry-After': String(seconds) } },
    );
  }
  if (!(error instanceof ClientGone)) logger.error({ err: error, requestId }, 'request failed');
  return new HttpProblem(
    'internal_error',
    `Try again later. If it stays, tell the operators this request id: ${requestId}.`,
  );
}

function answer(ctx: Context, problem: HttpProblem): void {
  ctx.status = problem.status;
  ctx.set(problem.headers);
  ctx.set('Cache-Control', 'no-store');
  ctx.body = JSON.stringify(problemBody(problem));
  ctx.type = 'application/problem+json';
}

/** The last of all: no route took the request. */
export const noRoute: Middleware = (ctx) => {
  const layers = (ctx['matched'] ?? []) as readonly { methods: readonly string[] }[];
  const allowed = [...new Set(layers.flatMap(({ methods }) => methods))].sort();
  if (allowed.length === 0) {
    throw new HttpProblem(
      'path_unknown',
      'There is nothing at this address. GET /openapi.json lists what there is.',
    );
  }
  const allow = allowed.join(', ');
  if (ctx.method === 'OPTIONS') {
    ctx.set('Allow', allow);
    ctx.status = 204;
    return;
  }
  throw new HttpProblem('method_not_allowed', `This address takes ${allow}.`, {
    headers: { Allow: allow },
  });
};
