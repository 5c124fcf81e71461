import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FailureDetails } from '@berkas/contracts';
import { systemClock } from '@berkas/service-kit';
import { createFakeTime } from './__fixtures__/fake-time.ts';
import * as scripted from './__fixtures__/scripted-server.ts';
import type { ChatCall, ModelEndpoint } from './model-endpoint.ts';
import { ModelError } from './model-error.ts';
import { createOpenAiEndpoint } from './openai-endpoint.ts';

const CALL: ChatCall = {
  model: 'judge-1',
  messages: [{ role: 'user', content: 'Score it.' }],
  schemaName: 'evaluation',
  jsonSchema: { type: 'object' },
  temperature: 0,
  seed: 7,
};

let server: scripted.ScriptedServer;
beforeEach(async () => {
  server = await scripted.startScriptedServer();
});
afterEach(() => server.close());

const endpoint = (options: { apiKey?: string; callTimeoutMs?: number } = {}): ModelEndpoint =>
  createOpenAiEndpoint({
    baseUrl: server.baseUrl,
    callTimeoutMs: 20_000,
    clock: systemClock,
    ...options,
  });

async function failureOf(promise: Promise<unknown>): Promise<ModelError> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModelError)) throw error;
  // What an event is made of must fit the contract.
  FailureDetails.parse(error.details);
  return error;
}

describe('a chat call', () => {
  it('sends the whole request with strict structured output, temperature and seed', async () => {
    server.script(scripted.completion({ a: 1 }));

    const answer = await endpoint({ apiKey: 'key-1' }).chat(CALL);

    expect(answer).toEqual({
      model: 'scripted-1',
      content: '{"a":1}',
      tokens: { prompt: 11, completion: 3 },
      truncated: false,
      refused: false,
    });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.path).toBe('/v1/chat/completions');
    expect(server.received[0]?.headers.authorization).toBe('Bearer key-1');
    expect(server.received[0]?.body).toEqual({
      model: 'judge-1',
      messages: [{ role: 'user', content: 'Score it.' }],
      temperature: 0,
      seed: 7,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'evaluation', strict: true, schema: { type: 'object' } },
      },
    });
  });

  it('sends no authorization when there is no key', async () => {
    server.script(scripted.completion({}));
    await endpoint().chat(CALL);
    expect(server.received[0]?.headers.authorization).toBeUndefined();
  });

  it('says when the answer stopped at the length limit', async () => {
    server.script(scripted.completion('{"a":', { finish_reason: 'length' }));
    await expect(endpoint().chat(CALL)).resolves.toMatchObject({ truncated: true });
  });

  it('takes an endpoint that does not count tokens', async () => {
    server.script(scripted.json({ model: 'm', choices: [{ message: { content: '{}' } }] }));
    const { tokens } = await endpoint().chat(CALL);
    expect(tokens).toEqual({ prompt: 0, completion: 0 });
  });

  it.each([
    ['a refusal', scripted.completion(null, { refusal: 'I cannot.' })],
    ['a content filter at the end', scripted.completion('', { finish_reason: 'content_filter' })],
  ])('says of %s that it is one, since that is an answer and is paid for', async (_name, reply) => {
    server.script(reply);
    await expect(endpoint().chat(CALL)).resolves.toMatchObject({ refused: true, content: '' });
  });

  it('is model_refused when a content filter turns the request away', async () => {
    server.script(scripted.status(400, {}, { code: 'content_filter' }));
    expect(await failureOf(endpoint().chat(CALL))).toMatchObject({
      code: 'model_refused',
      retryable: false,
    });
  });

  it.each([
    ['connection', scripted.reset],
    ['malformed_body', scripted.breakOffInBody],
    ['malformed_body', scripted.raw('{"model": "judge')],
    ['malformed_body', scripted.raw('')],
    ['malformed_body', scripted.json({ error: { message: 'overloaded' } })],
    ['malformed_body', scripted.json({ model: 'm', choices: [] })],
    ['rate_limited', scripted.status(429)],
    ['http_408', scripted.status(408)],
    ['http_409', scripted.status(409)],
    ['http_500', scripted.status(500)],
    ['http_503', scripted.status(503)],
  ])('is model_unavailable with the reason %s, after one request', async (reason, reply) => {
    server.script(reply);
    const error = await failureOf(endpoint().chat(CALL));
    expect(error).toMatchObject({ code: 'model_unavailable', retryable: true });
    expect(error.details).toMatchObject({ reason });
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['before the answer begins', scripted.hang],
    ['in the middle of the body', scripted.hangInBody],
  ])('ends at its deadline when the endpoint hangs %s', async (_name, reply) => {
    server.script(reply);
    const error = await failureOf(endpoint({ callTimeoutMs: 100 }).chat(CALL));
    expect(error.details).toEqual({ reason: 'timeout' });
  });

  it('is model_unavailable when nothing listens', async () => {
    await server.close();
    const error = await failureOf(endpoint().chat(CALL));
    expect(error.details).toEqual({ reason: 'connection' });
  });

  it('rejects with the reason of the caller who aborts it', async () => {
    server.script(scripted.hangInBody);
    const controller = new AbortController();
    const call = endpoint().chat(CALL, controller.signal);
    setTimeout(() => controller.abort(new Error('no longer wanted')), 50);
    await expect(call).rejects.toThrow('no longer wanted');
  });

  it('is model_rejected_request with status, reason and parameter on another 4xx', async () => {
    const message = "Unsupported value: 'temperature' does not support 0 with this model.";
    const told = { message, code: 'unsupported_value', param: 'temperature' };
    server.script(scripted.status(400, {}, told));
    const error = await failureOf(endpoint().chat(CALL));
    expect(error).toMatchObject({
      code: 'model_rejected_request',
      retryable: false,
      details: { status: 400, reason: 'unsupported_value', parameter: 'temperature' },
    });
  });

  it('keeps what the endpoint writes out of its errors, since it may repeat the prompt', async () => {
    const told = { message: 'Bad input: Budi Santoso', code: 'Budi Santoso', type: 'invalid' };
    server.script(scripted.status(422, {}, told), scripted.raw('Budi Santoso'));
    for (let reply = 0; reply < 2; reply += 1) {
      const error = await failureOf(endpoint().chat(CALL));
      expect(error.message).not.toContain('Budi');
      expect(error.cause).toBeUndefined();
      expect(JSON.stringify(error.details)).not.toContain('Budi');
    }
  });

  it.each([
    [{ 'retry-after': '3' }, 3_000],
    [{ 'retry-after-ms': '250', 'retry-after': '3' }, 250],
    [{ 'retry-after': 'Wed, 01 Jan 2025 00:00:05 GMT' }, 5_000],
  ])('carries what Retry-After says: %p', async (headers, expectedMs) => {
    server.script(scripted.status(429, headers));
    const { clock } = createFakeTime('2025-01-01T00:00:00Z');
    const options = { baseUrl: server.baseUrl, callTimeoutMs: 20_000, clock };
    const error = await failureOf(createOpenAiEndpoint(options).chat(CALL));
    expect(error.retryAfterMs).toBe(expectedMs);
  });
});

describe('an embedding call', () => {
  const call = { model: 'embed-1', texts: ['a', 'b'] };

  it('asks for floats and puts the vectors into the order of the texts', async () => {
    server.script(
      scripted.json({
        model: 'scripted-embedding-1',
        data: [
          { index: 1, embedding: [0, 1] },
          { index: 0, embedding: [1, 0] },
        ],
      }),
    );
    const answer = await endpoint().embed(call);
    expect(answer.vectors).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(server.received[0]?.body).toEqual({
      model: 'embed-1',
      input: ['a', 'b'],
      encoding_format: 'float',
    });
  });

  it.each([
    ['too few vectors', scripted.embeddings([1, 0])],
    ['too many vectors', scripted.embeddings([1, 0], [0, 1], [1, 1])],
    ['vectors of two lengths', scripted.embeddings([1, 0], [0, 1, 0])],
    ['an empty vector', scripted.embeddings([], [])],
    ['a null in a vector', scripted.embeddings([1, null], [0, 1])],
    ['a text in a vector', scripted.embeddings([1, '0'], [0, 1])],
    ['base64', scripted.embeddings('AACAPwAAAAA=', 'AAAAAAAAgD8=')],
    ['NaN', scripted.raw('{"model":"m","data":[{"index":0,"embedding":[NaN]}]}')],
    [
      'an infinite number',
      scripted.raw(
        '{"model":"m","data":[{"index":0,"embedding":[1e999]},{"index":1,"embedding":[1]}]}',
      ),
    ],
    [
      'one index twice',
      scripted.json({
        model: 'm',
        data: [
          { index: 0, embedding: [1] },
          { index: 0, embedding: [1] },
        ],
      }),
    ],
  ])('is model_unavailable on %s', async (_name, reply) => {
    server.script(reply);
    const error = await failureOf(endpoint().embed(call));
    expect(error.details).toEqual({ reason: 'malformed_body' });
  });
});
