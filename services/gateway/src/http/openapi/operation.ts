import { Problem, type ProblemCode } from '@berkas/contracts';
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { IDEMPOTENCY_KEY } from '../idempotency-key.ts';
import { HttpProblem, problemBody, PROBLEMS } from '../problem.ts';

export type Operation = ZodOpenApiOperationObject;

const EXAMPLE_REQUEST_ID = '5d0c1c2e-7f0a-4c0e-9d5e-2f2a8b1f6c11';

/** Every response carries these. */
const responseHeaders = {
  'X-Request-Id': z
    .string()
    .meta({ description: 'Id of the request in the logs.', example: EXAMPLE_REQUEST_ID }),
};

/** Headers of a response, the common ones included. */
export const headersOf = (headers: z.ZodRawShape = {}): z.ZodObject =>
  z.object({ ...responseHeaders, ...headers });

/** Without a pattern: another id is not refused, only not taken over. */
const RequestIdHeader = z.string().optional().meta({
  description:
    'An id of your own for the logs, given back in the response. Taken when it is 1 to 128 letters, digits, "_", ".", ":" or "-"; otherwise the request gets a new one.',
});

/** The headers of a plain request. */
export const requestHeaders = z.object({ 'X-Request-Id': RequestIdHeader });

/** The headers of a request that can be repeated safely. */
export const repeatableRequestHeaders = z.object({
  'X-Request-Id': RequestIdHeader,
  'Idempotency-Key': z.string().regex(IDEMPOTENCY_KEY).optional().meta({
    description:
      'A new UUID for each new request. A repeated request with the same key and content gets the same answer and makes nothing twice; the same key with other content is a conflict.',
    example: '7c3f1c1e-9f54-4a0b-8a8e-0d4d2e6b9a55',
  }),
});

const SecondsToWait = z
  .int()
  .min(1)
  .meta({ description: 'Seconds until another try may succeed.' });

/** Those that say when to try again. */
const COME_BACK: ReadonlySet<ProblemCode> = new Set(['not_ready', 'overloaded', 'too_many_queued']);

/** The problem responses of an operation, by status, each code with an example. */
export function problemResponses(codes: readonly ProblemCode[]): ZodOpenApiResponsesObject {
  const all: ProblemCode[] = [...codes, 'method_not_allowed', 'internal_error'];
  const responses: ZodOpenApiResponsesObject = {};
  for (const status of [...new Set(all.map((code) => PROBLEMS[code].status))].sort()) {
    const here = all.filter((code) => PROBLEMS[code].status === status);
    responses[`${status}` as '400'] = {
      description: here.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
      headers: headersOf({
        ...(here.includes('method_not_allowed') ? { Allow: z.string() } : {}),
        ...(here.some((code) => COME_BACK.has(code)) ? { 'Retry-After': SecondsToWait } : {}),
      }),
      content: {
        'application/problem+json': {
          schema: Problem,
          examples: Object.fromEntries(here.map(example)),
        },
      },
    };
  }
  return responses;
}

const example = (code: ProblemCode): [string, { summary: string; value: Problem }] => [
  code,
  {
    summary: PROBLEMS[code].title,
    value: problemBody(new HttpProblem(code, 'What is wrong here and what to do about it.')),
  },
];
