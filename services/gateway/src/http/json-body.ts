import type { Context } from 'koa';
import type { z } from 'zod';
import { ClientGone } from './errors.ts';
import { fieldProblem, HttpProblem } from './problem.ts';

/** Bodies of JSON are small here: three short fields. */
export const MAX_JSON_BYTES = 16 * 1024;

/** Reads the body as JSON that fits the schema. */
export async function readJson<Schema extends z.ZodType>(
  ctx: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  requireJson(ctx);
  const value = parseJson(await readBytes(ctx, MAX_JSON_BYTES));
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw fieldProblem(parsed.error, value);
  return parsed.data;
}

function requireJson(ctx: Context): void {
  const type = ctx.request.type.toLowerCase();
  const encoding = ctx.get('content-encoding');
  if (type !== 'application/json' || (encoding !== '' && encoding !== 'identity')) {
    throw new HttpProblem(
      'media_type_unsupported',
      'Send the body as JSON, not compressed, with "Content-Type: application/json".',
      { headers: { Accept: 'application/json' } },
    );
  }
}

async function readBytes(ctx: Context, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // Leaving the loop must not destroy the request: its socket still carries the answer.
    for await (const chunk of ctx.req.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > limitBytes) break;
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw new ClientGone('The request ended before its body was complete.', { cause: error });
  }
  if (bytes > limitBytes) {
    throw new HttpProblem(
      'body_too_large',
      `The body is larger than the limit of ${limitBytes} bytes. Send the three fields alone.`,
    );
  }
  return Buffer.concat(chunks);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new HttpProblem(
      'body_malformed',
      'The body is not valid JSON in UTF-8. Correct it and send it again.',
    );
  }
}
