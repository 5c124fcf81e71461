import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FailureDetails } from '@berkas/contracts';
import { createLogger, systemClock } from '@berkas/service-kit';
import { z } from 'zod';
import * as scripted from './__fixtures__/scripted-server.ts';
import { createLanguageModel, type LanguageModelClient } from './create-language-model.ts';
import type { CompletionRequest } from './language-model.ts';
import { ModelError } from './model-error.ts';

/** Long enough for any answer on loopback, short enough to be waited for. */
const CALL_TIMEOUT_MS = 300;

const REQUEST = {
  schemaName: 'evaluation',
  schema: z.strictObject({ correctness: z.int().min(1).max(5) }),
  messages: [{ role: 'user', content: 'Score it.' }],
} satisfies CompletionRequest<{ correctness: number }>;

let server: scripted.ScriptedServer;
let client: LanguageModelClient;
beforeEach(async () => {
  server = await scripted.startScriptedServer();
  client = createLanguageModel({
    baseUrl: server.baseUrl,
    model: 'judge-1',
    embeddingModel: 'embed-1',
    maxAttempts: 1,
    callTimeoutMs: CALL_TIMEOUT_MS,
    logger: createLogger({ level: 'silent' }),
    clock: systemClock,
  });
});
afterEach(async () => {
  client.close();
  await server.close();
});

async function failureOf(call: Promise<unknown>): Promise<ModelError> {
  const error: unknown = await call.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModelError)) throw error;
  FailureDetails.parse(error.details);
  return error;
}

type Fault = {
  fault: string;
  reply: scripted.Reply;
  code?: ModelError['code'];
  details: Record<string, unknown>;
  retryAfterMs?: number;
};

/** Another try may succeed; every one is `model_unavailable`. */
const PASSING: Fault[] = [
  { fault: 'no answer', reply: scripted.hang, details: { reason: 'timeout' } },
  { fault: 'half an answer', reply: scripted.hangInBody, details: { reason: 'timeout' } },
  { fault: 'an answer without end', reply: scripted.trickle, details: { reason: 'timeout' } },
  { fault: 'a reset', reply: scripted.reset, details: { reason: 'connection' } },
  {
    fault: 'a reset in the body',
    reply: scripted.resetInBody,
    details: { reason: 'malformed_body' },
  },
  {
    fault: 'a connection cut in the body',
    reply: scripted.breakOffInBody,
    details: { reason: 'malformed_body' },
  },
  { fault: 'half of a JSON', reply: scripted.raw('{"mod'), details: { reason: 'malformed_body' } },
  { fault: 'no body', reply: scripted.raw(''), details: { reason: 'malformed_body' } },
  { fault: 'JSON null', reply: scripted.raw('null'), details: { reason: 'malformed_body' } },
  { fault: 'JSON text', reply: scripted.raw('"ok"'), details: { reason: 'malformed_body' } },
  { fault: 'a list', reply: scripted.json([]), details: { reason: 'malformed_body' } },
  {
    fault: 'JSON that is no completion',
    reply: scripted.json({ status: 'ok' }),
    details: { reason: 'malformed_body' },
  },
  {
    fault: 'no choices',
    reply: scripted.json({ model: 'm', choices: [] }),
    details: { reason: 'malformed_body' },
  },
  {
    fault: 'a choice without a message',
    reply: scripted.json({ model: 'm', choices: [{ finish_reason: 'stop' }] }),
    details: { reason: 'malformed_body' },
  },
  {
    fault: 'content that is no text',
    reply: scripted.json({ model: 'm', choices: [{ message: { content: { score: 4 } } }] }),
    details: { reason: 'malformed_body' },
  },
  { fault: 'a page of HTML', reply: scripted.html, details: { reason: 'malformed_body' } },
  {
    fault: '204 without a body',
    reply: (response) => void response.writeHead(204).end(),
    details: { reason: 'malformed_body' },
  },
  {
    fault: '429',
    reply: scripted.status(429),
    details: { reason: 'rate_limited', status: 429 },
  },
  {
    fault: '429 with Retry-After',
    reply: scripted.status(429, { 'retry-after': '7' }),
    details: { reason: 'rate_limited', status: 429 },
    retryAfterMs: 7_000,
  },
  {
    fault: '503 with Retry-After',
    reply: scripted.status(503, { 'retry-after': '7' }),
    details: { reason: 'http_503', status: 503 },
    retryAfterMs: 7_000,
  },
  ...[408, 409, 500, 502, 503, 504, 529].map((status) => ({
    fault: String(status),
    reply: scripted.status(status),
    details: { reason: `http_${status}`, status },
  })),
];

/** Another try of the same request would end alike. */
const FINAL: Fault[] = [
  {
    fault: 'a refusal',
    reply: scripted.completion(null, { refusal: 'I cannot.' }),
    code: 'model_refused',
    details: {},
  },
  {
    fault: 'a content filter in the answer',
    reply: scripted.completion('', { finish_reason: 'content_filter' }),
    code: 'model_refused',
    details: {},
  },
  {
    fault: 'a content filter before the answer',
    reply: scripted.status(400, {}, { code: 'content_filter' }),
    code: 'model_refused',
    details: {},
  },
  ...(
    [
      ['content null', scripted.completion(null), 'not_json'],
      ['empty content', scripted.completion(''), 'not_json'],
      [
        'a truncated answer',
        scripted.completion('{"cor', { finish_reason: 'length' }),
        'truncated',
      ],
      ['prose', scripted.completion('I would say 4.'), 'not_json'],
      ['a missing score', scripted.completion({}), 'missing:correctness'],
      ['a score as text', scripted.completion({ correctness: '4' }), 'type:correctness'],
      ['a score out of range', scripted.completion({ correctness: 7 }), 'range:correctness'],
      ['a key too many', scripted.completion({ correctness: 4, hired: true }), 'unexpected'],
    ] as const
  ).map(([fault, reply, problem]) => ({
    fault,
    reply,
    code: 'model_answer_invalid' as const,
    details: { attempts: 1, problems: [problem] },
  })),
  ...[301, 302, 307, 308, 400, 401, 403, 404, 413, 422].map((status) => ({
    fault: String(status),
    reply: status < 400 ? scripted.redirect(status) : scripted.status(status),
    code: 'model_rejected_request' as const,
    details: { status },
  })),
];

describe('a failing endpoint', () => {
  it.each(PASSING)('may answer another time after $fault', async (given) => {
    server.script(given.reply);
    const error = await failureOf(client.complete(REQUEST));
    expect(error).toMatchObject({ code: 'model_unavailable', retryable: true });
    expect(error.details).toEqual(given.details);
    expect(error.retryAfterMs).toBe(given.retryAfterMs);
    expect(server.received).toHaveLength(1);
  });

  it.each(FINAL)('has said its last word with $fault', async (given) => {
    server.script(given.reply);
    const error = await failureOf(client.complete(REQUEST));
    expect(error).toMatchObject({ code: given.code, retryable: false });
    expect(error.details).toEqual(given.details);
    expect(server.received).toHaveLength(1);
  });

  it.each(PASSING)('may embed another time after $fault', async (given) => {
    server.script(given.reply);
    const error = await failureOf(client.embed(['a']));
    expect(error).toMatchObject({ code: 'model_unavailable', retryable: true });
    expect(error.details).toEqual(given.details);
    expect(server.received).toHaveLength(1);
  });
});
