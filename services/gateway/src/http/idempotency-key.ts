import type { Context } from 'koa';
import type { Claim } from '../idempotency.ts';
import { HttpProblem } from './problem.ts';

/** 1 to 255 visible ASCII characters. */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/u;

/** The request's `Idempotency-Key`, if it has one. */
export function idempotencyKeyOf(ctx: Context): string | undefined {
  const key = ctx.req.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key;
  throw new HttpProblem(
    'idempotency_key_invalid',
    'An Idempotency-Key is 1 to 255 visible ASCII characters without spaces, such as a UUID.',
  );
}

/** What the claim stands for, or a conflict as the client is told of it. */
export function acceptedUnder<Accepted>(claim: Claim<Accepted>): Accepted {
  if (claim.outcome !== 'conflict') return claim.accepted;
  throw new HttpProblem(
    'idempotency_key_reused',
    'This Idempotency-Key was used for a request with other content. Use a new key for a new request, or repeat the first one unchanged.',
  );
}
