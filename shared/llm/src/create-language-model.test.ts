import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError, createLogger, type BreakerState } from '@berkas/service-kit';
import { z } from 'zod';
import { createFakeTime, type FakeTime } from './__fixtures__/fake-time.ts';
import * as scripted from './__fixtures__/scripted-server.ts';
import {
  createLanguageModel,
  type LanguageModelClient,
  type LanguageModelOptions,
} from './create-language-model.ts';
import { DEFAULT_BREAKER } from './model-breaker.ts';
import type { CompletionRequest } from './language-model.ts';
import { createMemoryLedger } from './kept-answers.ts';

const REQUEST = {
  schemaName: 'evaluation',
  schema: z.strictObject({ correctness: z.int().min(1).max(5) }),
  messages: [{ role: 'user', content: 'Score it.' }],
} satisfies CompletionRequest<{ correctness: number }>;
const GOOD = scripted.completion({ correctness: 4 });

let server: scripted.ScriptedServer;
let time: FakeTime;
const clients: LanguageModelClient[] = [];

beforeEach(async () => {
  server = await scripted.startScriptedServer();
  time = createFakeTime();
});
afterEach(async () => {
  clients.splice(0).forEach((client) => client.close());
  await server.close();
});

function connect(options: Partial<LanguageModelOptions> = {}): LanguageModelClient {
  const client = createLanguageModel({
    baseUrl: server.baseUrl,
    model: 'judge-1',
    embeddingModel: 'embed-1',
    logger: createLogger({ level: 'silent' }),
    clock: time.clock,
    random: () => 0.5,
    wait: time.wait,
    ...options,
  });
  clients.push(client);
  return client;
}

/** Resolves once the server holds so many requests it has not answered. */
async function underWay(count: number): Promise<void> {
  while (server.underWay() < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the language model over HTTP', () => {
  it('answers, with the receipt of how', async () => {
    server.script(GOOD);
    await expect(connect().complete(REQUEST)).resolves.toMatchObject({
      answer: { correctness: 4 },
      model: 'scripted-1',
      attempts: 1,
      tokens: { prompt: 11, completion: 3 },
      temperature: 0,
      seed: 7,
    });
  });

  it('makes a call once and leaves its repetition to the caller', async () => {
    server.script(scripted.reset, scripted.status(500), scripted.raw('{"mod'), GOOD);
    const client = connect();
    for (const reason of ['connection', 'http_500', 'malformed_body']) {
      await expect(client.complete(REQUEST)).rejects.toMatchObject({ details: { reason } });
    }
    await expect(client.complete(REQUEST)).resolves.toMatchObject({ attempts: 1 });
    expect(server.received).toHaveLength(4);
    expect(time.waits).toEqual([]);
  });

  it('lets no worker out sooner than a 429 to one of them says', async () => {
    const startedAtMs = time.clock.now().getTime();
    const arrivedAtMs: number[] = [];
    const arrived =
      (reply: scripted.Reply): scripted.Reply =>
      (response, received) => {
        arrivedAtMs.push(time.clock.now().getTime() - startedAtMs);
        reply(response, received);
      };
    server.script(arrived(scripted.status(429, { 'retry-after': '20' })), arrived(GOOD));
    const client = connect({ maxConcurrentCalls: 1 });
    const [first, second] = [1, 2].map((seed) => client.withSampling({ seed }).complete(REQUEST));
    await expect(first).rejects.toMatchObject({ retryAfterMs: 20_000 });
    await expect(second).resolves.toMatchObject({ answer: { correctness: 4 } });
    expect(arrivedAtMs[0]).toBe(0);
    expect(arrivedAtMs[1]).toBeGreaterThanOrEqual(20_000);
  });

  it('is told of a longer Retry-After rather than kept waiting', async () => {
    server.script(scripted.status(429, { 'retry-after': '300' }), GOOD);
    const client = connect();
    const limited = { code: 'model_unavailable', retryAfterMs: 300_000 };
    await expect(client.complete(REQUEST)).rejects.toMatchObject(limited);
    await expect(client.complete(REQUEST)).rejects.toMatchObject(limited);
    expect(server.received).toHaveLength(1);
  });

  it('asks again after answers that do not fit, each a request of its own in the ledger', async () => {
    server.script(
      scripted.completion('not JSON'),
      scripted.completion({ correctness: 6 }),
      scripted.completion({ correctness: 5 }),
    );
    const ledger = createMemoryLedger();
    const first = await connect({ ledger }).complete(REQUEST);
    expect(first).toMatchObject({ answer: { correctness: 5 }, attempts: 3 });

    // Another process, another port, the same endpoint by name would find it; so does this one.
    const again = await connect({ ledger }).complete(REQUEST);
    expect(again).toEqual(first);
    expect(server.received).toHaveLength(3);
  });

  it('invents nothing: a field that stays missing ends in model_answer_invalid', async () => {
    server.script(scripted.completion({}));
    await expect(connect({ maxAttempts: 2 }).complete(REQUEST)).rejects.toMatchObject({
      code: 'model_answer_invalid',
      details: { attempts: 2, problems: ['missing:correctness'] },
    });
    expect(server.received).toHaveLength(2);
  });

  it('does not repeat a rejected request or a refusal', async () => {
    server.script(scripted.status(401), scripted.completion(null, { refusal: 'No.' }));
    const client = connect();
    await expect(client.complete(REQUEST)).rejects.toMatchObject({ details: { status: 401 } });
    await expect(client.complete(REQUEST)).rejects.toMatchObject({ code: 'model_refused' });
    expect(server.received).toHaveLength(2);
  });

  it('finds answers again at another address when the endpoint has a name', async () => {
    server.script(GOOD);
    const ledger = createMemoryLedger();
    const named = { ledger, endpointId: 'in-process' };
    const first = await connect(named).complete(REQUEST);
    const nowhere = await connect({ ...named, baseUrl: 'http://127.0.0.1:1/v1' }).complete(REQUEST);
    expect(nowhere).toEqual(first);
  });

  it('leaves a slash at the end of the address out of the hash', async () => {
    server.script(GOOD);
    const hashes = await Promise.all(
      [server.baseUrl, `${server.baseUrl}/`].map(async (baseUrl) => {
        const { requestSha256 } = await connect({ baseUrl }).complete(REQUEST);
        return requestSha256;
      }),
    );
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('samples past the ledger, with another seed and temperature', async () => {
    server.script(GOOD);
    const client = connect({ ledger: createMemoryLedger() });
    await client.complete(REQUEST);
    const sampler = client.withSampling({ seed: 8, temperature: 1, useLedger: false });
    await expect(sampler.complete(REQUEST)).resolves.toMatchObject({ seed: 8, temperature: 1 });
    await sampler.complete(REQUEST);
    expect(server.received.map(({ body }) => body['seed'])).toEqual([7, 8, 8]);
  });

  it('embeds, and takes no answer that cannot be right', async () => {
    server.script(scripted.embeddings([1, 0]), scripted.embeddings([0, 2], [3, 0]));
    const wrong = { details: { reason: 'malformed_body' } };
    await expect(connect().embed(['a', 'b'])).rejects.toMatchObject(wrong);
    await expect(connect().embed(['a', 'b'])).resolves.toEqual({
      model: 'scripted-embedding-1',
      vectors: [
        [0, 1],
        [1, 0],
      ],
    });
    expect(connect().embeddingModel).toBe('embed-1');
  });

  it('has no more calls under way than it may', async () => {
    const held: (() => void)[] = [];
    let most = 0;
    server.script((response, received) => {
      most = Math.max(most, server.underWay());
      held.push(() => GOOD(response, received));
    });
    const client = connect({ maxConcurrentCalls: 2 });
    const calls = [1, 2, 3].map(() => client.complete(REQUEST));
    await underWay(2);
    held.shift()?.();
    await Promise.race(calls);
    while (held.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    held.forEach((answer) => answer());
    await expect(Promise.all(calls)).resolves.toHaveLength(3);
    expect(most).toBe(2);
  });

  it('is answered by the fallback, under its own name and key, while the primary cannot', async () => {
    const other = await scripted.startScriptedServer();
    try {
      server.script(scripted.status(503));
      other.script(GOOD);
      const fallback = { baseUrl: other.baseUrl, apiKey: 'key-2', model: 'judge-2' };
      const client = connect({ apiKey: 'key-1', fallback, ledger: createMemoryLedger() });
      await expect(client.complete(REQUEST)).resolves.toMatchObject({ endpoint: 'fallback' });
      expect(other.received[0]?.headers.authorization).toBe('Bearer key-2');
      expect(other.received[0]?.body['model']).toBe('judge-2');
      // Vectors of two models cannot be compared, nor samples of two.
      await expect(client.embed(['a'])).rejects.toMatchObject({ details: { status: 503 } });
      const sampler = client.withSampling({ useLedger: false });
      await expect(sampler.complete(REQUEST)).rejects.toMatchObject({ details: { status: 503 } });
      expect(other.received).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  it('sends the key of the primary to no fallback', async () => {
    server.script(scripted.status(503), GOOD);
    const fallback = { baseUrl: server.baseUrl, model: 'judge-2' };
    await connect({ apiKey: 'key-1', fallback }).complete(REQUEST);
    expect(server.received[1]?.headers.authorization).toBeUndefined();
  });

  it('opens its breaker on an endpoint that is down, tells it, and says so in its health', async () => {
    server.script(scripted.status(503));
    const client = connect();
    const states: BreakerState[] = [];
    client.breaker.onChange((state) => states.push(state));
    expect(client.health().status).toBe('ok');
    for (let call = 0; call < DEFAULT_BREAKER.volumeThreshold; call += 1) {
      await expect(client.complete(REQUEST)).rejects.toMatchObject({ details: { status: 503 } });
    }
    await expect(client.complete(REQUEST)).rejects.toMatchObject({
      code: 'model_unavailable',
      details: { reason: 'breaker_open' },
    });
    const calls = server.received.length;
    await expect(client.embed(['a'])).rejects.toMatchObject({
      details: { reason: 'breaker_open' },
    });
    expect(server.received).toHaveLength(calls);
    expect(states).toEqual(['open']);
    expect(client.health().status).toBe('failed');
  });

  it('gives up a call whose caller no longer wants it', async () => {
    server.script(scripted.hang);
    const controller = new AbortController();
    const call = connect().complete({ ...REQUEST, signal: controller.signal });
    await underWay(1);
    controller.abort(new Error('shutting down'));
    await expect(call).rejects.toThrow('shutting down');
  });

  it('ends what is under way when it is closed, as it does all that comes later', async () => {
    server.script(scripted.hang);
    const client = connect({ ledger: createMemoryLedger() });
    const call = client.complete(REQUEST);
    await underWay(1);
    client.close();
    const closed = { code: 'model_unavailable', details: { reason: 'closed' } };
    await expect(call).rejects.toMatchObject(closed);
    await expect(client.embed(['a'])).rejects.toMatchObject(closed);
  });

  it('does not start on an address that is none', () => {
    expect(() => connect({ baseUrl: 'localhost' })).toThrow(ConfigError);
    expect(() => connect({ baseUrl: 'http://user:secret@localhost/v1' })).toThrow(ConfigError);
  });
});
