import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import { createAsk, requestSha256, type Ask, type AskedEndpoint } from './ask.ts';
import type { ChatOptions } from './guarded-endpoint.ts';
import { createMemoryLedger } from './kept-answers.ts';
import type { CallBudget, Ledger, LedgerEntry } from './language-model.ts';
import { modelBudgetSpent, ModelError, modelUnavailable } from './model-error.ts';
import type { ChatAnswer, ChatCall } from './model-endpoint.ts';

const CALL: ChatCall = {
  model: 'judge-1',
  messages: [{ role: 'user', content: 'Score it.' }],
  schemaName: 'evaluation',
  jsonSchema: { type: 'object' },
  temperature: 0,
  seed: 7,
};
const ANSWER: ChatAnswer = {
  model: 'judge-1-2025',
  content: '{"score":4}',
  tokens: { prompt: 10, completion: 2 },
  truncated: false,
  refused: false,
};

type Answers = (options: ChatOptions) => Promise<ChatAnswer>;
type FakeEndpoint = AskedEndpoint & { readonly asked: ChatCall[] };

function fakeEndpoint(name: string, answers: Answers = () => Promise.resolve(ANSWER)) {
  const asked: ChatCall[] = [];
  const endpoint: FakeEndpoint = {
    endpointId: name,
    model: CALL.model,
    asked,
    chat: (call, options = {}) => {
      asked.push(call);
      return answers(options);
    },
  };
  return endpoint;
}

function asking(options: {
  primary: AskedEndpoint;
  fallback?: AskedEndpoint;
  ledger?: Ledger | undefined;
}): Ask {
  const logger = createLogger({ level: 'silent' });
  return createAsk({ ledger: createMemoryLedger(), logger, ...options });
}

describe('the hash of a request', () => {
  it('is the same for equal requests, whatever the order of their keys', () => {
    const reordered = Object.fromEntries(Object.entries(CALL).reverse()) as ChatCall;
    expect(requestSha256('a', reordered)).toBe(requestSha256('a', CALL));
    expect(requestSha256('a', CALL)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('differs when anything does, the endpoint too', () => {
    const hashes = [
      requestSha256('a', CALL),
      requestSha256('b', CALL),
      requestSha256('a', { ...CALL, model: 'judge-2' }),
      requestSha256('a', { ...CALL, messages: [] }),
      requestSha256('a', { ...CALL, schemaName: 'summary' }),
      requestSha256('a', { ...CALL, jsonSchema: {} }),
      requestSha256('a', { ...CALL, temperature: 1 }),
      requestSha256('a', { ...CALL, seed: 8 }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('asking through the ledger', () => {
  it('pays for an answer once', async () => {
    const primary = fakeEndpoint('a');
    const ledger = createMemoryLedger();
    const first = await asking({ primary, ledger })(CALL);
    const afterRestart = await asking({ primary, ledger })(CALL);
    const requestHash = requestSha256('a', CALL);
    expect(first).toEqual({ ...ANSWER, endpoint: 'primary', requestSha256: requestHash });
    expect(afterRestart).toEqual(first);
    expect(primary.asked).toHaveLength(1);
  });

  it.each([{ truncated: true }, { refused: true }])('remembers that it was %p', async (fact) => {
    const primary = fakeEndpoint('a', () => Promise.resolve({ ...ANSWER, ...fact }));
    const ask = asking({ primary });
    await ask(CALL);
    await expect(ask(CALL)).resolves.toMatchObject(fact);
    expect(primary.asked).toHaveLength(1);
  });

  it('stores an answer before handing it over', async () => {
    const happened: string[] = [];
    const ledger: Ledger = {
      get: () => Promise.resolve(undefined),
      put: async (entry: LedgerEntry) => {
        await Promise.resolve();
        happened.push(`stored ${entry.content}`);
      },
    };
    await asking({ primary: fakeEndpoint('a'), ledger })(CALL);
    happened.push('used');
    expect(happened).toEqual(['stored {"score":4}', 'used']);
  });

  it('does not ask when it cannot look up', async () => {
    const broken = new Error('disk full');
    const get = (): Promise<never> => Promise.reject(broken);
    const primary = fakeEndpoint('a');
    const ask = asking({ primary, ledger: { ...createMemoryLedger(), get } });
    await expect(ask(CALL)).rejects.toBe(broken);
    expect(primary.asked).toEqual([]);
  });

  it('does not use an answer until it is stored, nor pay for it again', async () => {
    const primary = fakeEndpoint('a');
    const memory = createMemoryLedger();
    const broken = new Error('MongoDB is away');
    let failures = 2;
    const ledger: Ledger = {
      get: (id) => memory.get(id),
      put: (entry) => (failures-- > 0 ? Promise.reject(broken) : memory.put(entry)),
    };
    const ask = asking({ primary, ledger });
    await expect(ask(CALL)).rejects.toBe(broken);
    await expect(ask(CALL)).rejects.toBe(broken);
    await expect(memory.get(requestSha256('a', CALL))).resolves.toBeUndefined();
    await expect(ask(CALL)).resolves.toMatchObject({ content: '{"score":4}' });
    await expect(memory.get(requestSha256('a', CALL))).resolves.toMatchObject({
      content: '{"score":4}',
    });
    expect(primary.asked).toHaveLength(1);
  });

  it('stores an answer that had come when its caller gave up, before the caller hears of it', async () => {
    let arrive = (_answer: ChatAnswer): void => undefined;
    const primary = fakeEndpoint('a', () => new Promise((resolve) => (arrive = resolve)));
    const memory = createMemoryLedger();
    const ledger: Ledger = {
      get: (id) => memory.get(id),
      put: async (entry) => {
        await new Promise((resolve) => setImmediate(resolve));
        await memory.put(entry);
      },
    };
    const controller = new AbortController();
    const call = asking({ primary, ledger })(CALL, { signal: controller.signal });
    while (primary.asked.length === 0) await Promise.resolve();
    // As in a process that is stopped in the moment between.
    arrive(ANSWER);
    controller.abort(new Error('stopping'));
    await call.catch(() => undefined);
    await expect(memory.get(requestSha256('a', CALL))).resolves.toMatchObject({
      content: '{"score":4}',
    });
  });

  it('shares one call among equal requests at the same time', async () => {
    const primary = fakeEndpoint('a');
    const ask = asking({ primary });
    await Promise.all([ask(CALL), ask(CALL), ask({ ...CALL, seed: 8 })]);
    expect(primary.asked).toHaveLength(2);
  });

  it('lets nobody fail by the budget of another who asked the same', async () => {
    const primary = fakeEndpoint('a', async ({ budget }) => {
      await budget?.spend();
      return ANSWER;
    });
    const ask = asking({ primary });
    const spent: CallBudget = {
      spend: () => Promise.reject(modelBudgetSpent({ calls: 60, seconds: 90 })),
    };
    const first = ask(CALL, { budget: spent });
    const second = ask(CALL, { budget: { spend: () => Promise.resolve() } });
    await expect(first).rejects.toMatchObject({ code: 'model_budget_spent', retryable: false });
    await expect(second).resolves.toMatchObject({ content: '{"score":4}' });
  });

  it('shares nothing without a ledger, so that samples differ', async () => {
    const primary = fakeEndpoint('a');
    const ask = asking({ primary, ledger: undefined });
    await Promise.all([ask(CALL), ask(CALL)]);
    expect(primary.asked).toHaveLength(2);
  });
});

describe('asking with a fallback', () => {
  const down = modelUnavailable('http_503', { status: 503 });
  const failing =
    (error: Error): Answers =>
    () =>
      Promise.reject(error);
  const otherEndpoint = (answers?: Answers): FakeEndpoint => ({
    ...fakeEndpoint('b', answers),
    model: 'judge-b',
  });
  const otherHash = requestSha256('b', { ...CALL, model: 'judge-b' });

  it('goes to the primary while that answers', async () => {
    const fallback = otherEndpoint();
    const ask = asking({ primary: fakeEndpoint('a'), fallback });
    await expect(ask(CALL)).resolves.toMatchObject({ endpoint: 'primary' });
    expect(fallback.asked).toEqual([]);
  });

  it.each([
    ['is down', down],
    ['is behind an open breaker', modelUnavailable('breaker_open', { retryAfterMs: 15_000 })],
    ['wants to be left alone', modelUnavailable('rate_limited', { retryAfterMs: 60_000 })],
    ['took too long', modelUnavailable('timeout')],
  ])('goes to the fallback at once when the primary %s, and says so', async (_case, error) => {
    const fallback = otherEndpoint();
    const ask = asking({ primary: fakeEndpoint('a', failing(error)), fallback });
    await expect(ask(CALL)).resolves.toMatchObject({
      endpoint: 'fallback',
      requestSha256: otherHash,
    });
    expect(fallback.asked).toEqual([{ ...CALL, model: 'judge-b' }]);
  });

  it('uses what the fallback was paid for, without asking the primary', async () => {
    const ledger = createMemoryLedger();
    const fallback = otherEndpoint();
    await asking({ primary: fakeEndpoint('a', failing(down)), fallback, ledger })(CALL);
    const recovered = fakeEndpoint('a');
    const ask = asking({ primary: recovered, fallback, ledger });
    await expect(ask(CALL)).resolves.toMatchObject({ endpoint: 'fallback' });
    expect(recovered.asked).toEqual([]);
  });

  it.each([
    [
      'a rejected request',
      new ModelError('No.', { code: 'model_rejected_request', details: { status: 401 } }),
    ],
    ['a spent budget', modelBudgetSpent({ calls: 60, seconds: 90 })],
    ['the end of the process', modelUnavailable('closed')],
    ['what is no failure of the model', new Error('MongoDB is away')],
  ])('does not go to the fallback on %s', async (_case, error) => {
    const fallback = otherEndpoint();
    const ask = asking({ primary: fakeEndpoint('a', failing(error)), fallback });
    await expect(ask(CALL)).rejects.toBe(error);
    expect(fallback.asked).toEqual([]);
  });

  it.each([
    [60_000, 5_000, 5_000],
    [5_000, 60_000, 5_000],
    [undefined, 60_000, undefined],
  ])('asks to be tried after the sooner of both: %p and %p', async (first, second, expected) => {
    const ask = asking({
      primary: fakeEndpoint('a', failing(modelUnavailable('timeout', { retryAfterMs: first }))),
      fallback: otherEndpoint(failing(modelUnavailable('rate_limited', { retryAfterMs: second }))),
    });
    const error: unknown = await ask(CALL).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'model_unavailable',
      retryable: true,
      details: { reason: 'timeout', fallback: 'rate_limited' },
    });
    expect(error).toHaveProperty('retryAfterMs', expected);
  });

  it('waits for the primary where the fallback rejects the request, and asks it no more', async () => {
    const rejected = new ModelError('No.', {
      code: 'model_rejected_request',
      details: { status: 401 },
    });
    const fallback = otherEndpoint(failing(rejected));
    const ask = asking({ primary: fakeEndpoint('a', failing(down)), fallback });
    await expect(ask(CALL)).rejects.toMatchObject({
      retryable: true,
      details: { reason: 'http_503', status: 503, fallback: 'model_rejected_request' },
    });
    await expect(ask(CALL)).rejects.toBe(down);
    expect(fallback.asked).toHaveLength(1);
    await expect(ask({ ...CALL, seed: 8 })).rejects.toMatchObject({ retryable: true });
    expect(fallback.asked).toHaveLength(2);
  });

  it('ends with the budget when that is spent on the way to the fallback', async () => {
    const spent = modelBudgetSpent({ calls: 60, seconds: 90 });
    const ask = asking({
      primary: fakeEndpoint('a', failing(down)),
      fallback: otherEndpoint(failing(spent)),
    });
    await expect(ask(CALL)).rejects.toBe(spent);
  });
});
