import type { Middleware } from 'koa';
import { HttpProblem } from '../problem.ts';

/**
 * Lets as many requests through at once as there are places, and answers one more at once with 503,
 * before its body is read: what is accepted is served at its usual pace, and memory has a bound. A
 * client that never ends its body gives its place back when the server's request timeout ends it.
 */
export function createPlaces(options: {
  readonly places: number;
  /** What takes them, in the plural, as the client is told. */
  readonly what: string;
  readonly retryAfterSeconds: number;
}): Middleware {
  const { places, what, retryAfterSeconds } = options;
  let taken = 0;
  return async (_ctx, next) => {
    if (taken >= places) {
      throw new HttpProblem(
        'overloaded',
        `Berkas serves ${places} ${what} at once, and as many are under way. Try again in ${retryAfterSeconds} seconds.`,
        { headers: { 'Retry-After': String(retryAfterSeconds) } },
      );
    }
    taken += 1;
    try {
      await next();
    } finally {
      taken -= 1;
    }
  };
}
