import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '@berkas/service-kit';
import type { Middleware } from 'koa';
import { HttpProblem } from '../problem.ts';

/** Lets only those in who send the token. Without one nobody is let in. */
export const operatorsOnly =
  (token: string | undefined): Middleware =>
  async (ctx, next) => {
    if (token === undefined) {
      throw new HttpProblem(
        'operator_only',
        'This server has no operator token. Set BERKAS_OPERATOR_TOKEN where it starts, and send it as "Authorization: Bearer …".',
      );
    }
    const given = /^Bearer +(\S+)$/i.exec(ctx.get('authorization'))?.[1];
    if (given === undefined || !isSame(given, token)) {
      throw new HttpProblem(
        'operator_only',
        'Send the value of BERKAS_OPERATOR_TOKEN as "Authorization: Bearer …". A server that "berkas up" started without one has made its own: it is in server.json of the data folder.',
      );
    }
    ctx.set('Cache-Control', 'no-store');
    await next();
  };

/** Hashed first: the time that it takes tells neither the content nor the length. */
const isSame = (given: string, token: string): boolean =>
  timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(token)));
