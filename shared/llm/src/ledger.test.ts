import { describe, expect, it } from '@jest/globals';
import type { Ledger, LedgerEntry } from './language-model.ts';
import { createAsk, createMemoryLedger, requestSha256 } from './ledger.ts';
import type { ChatAnswer, ChatCall, ModelEndpoint } from './model-endpoint.ts';

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
};

function countingEndpoint(answer = ANSWER): { endpoint: ModelEndpoint; calls: () => number } {
  let calls = 0;
  return {
    endpoint: {
      chat: () => {
        calls += 1;
        return Promise.resolve(answer);
      },
      embed: () => Promise.reject(new Error('not asked for')),
    },
    calls: () => calls,
  };
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
    const { endpoint, calls } = countingEndpoint();
    const ledger = createMemoryLedger();
    const first = await createAsk({ endpoint, endpointId: 'a', ledger })(CALL);
    const afterRestart = await createAsk({ endpoint, endpointId: 'a', ledger })(CALL);
    expect(first).toEqual({ ...ANSWER, requestSha256: requestSha256('a', CALL) });
    expect(afterRestart).toEqual(first);
    expect(calls()).toBe(1);
  });

  it('remembers that an answer was cut off', async () => {
    const { endpoint } = countingEndpoint({ ...ANSWER, truncated: true });
    const ask = createAsk({ endpoint, endpointId: 'a', ledger: createMemoryLedger() });
    await ask(CALL);
    await expect(ask(CALL)).resolves.toMatchObject({ truncated: true });
  });

  it('stores an answer before handing it over', async () => {
    const { endpoint } = countingEndpoint();
    const happened: string[] = [];
    const ledger: Ledger = {
      get: () => Promise.resolve(undefined),
      put: async (entry: LedgerEntry) => {
        await Promise.resolve();
        happened.push(`stored ${entry.content}`);
      },
    };
    await createAsk({ endpoint, endpointId: 'a', ledger })(CALL);
    happened.push('used');
    expect(happened).toEqual(['stored {"score":4}', 'used']);
  });

  it('does not use an answer that cannot be stored, nor ask when it cannot look up', async () => {
    const { endpoint, calls } = countingEndpoint();
    const broken = new Error('disk full');
    const put = (): Promise<never> => Promise.reject(broken);
    const get = (): Promise<never> => Promise.reject(broken);
    const memory = createMemoryLedger();
    const unstored = createAsk({ endpoint, endpointId: 'a', ledger: { ...memory, put } });
    await expect(unstored(CALL)).rejects.toBe(broken);
    expect(calls()).toBe(1);
    const unread = createAsk({ endpoint, endpointId: 'a', ledger: { ...memory, get } });
    await expect(unread(CALL)).rejects.toBe(broken);
    expect(calls()).toBe(1);
  });

  it('shares one call among equal requests at the same time', async () => {
    const { endpoint, calls } = countingEndpoint();
    const ask = createAsk({ endpoint, endpointId: 'a', ledger: createMemoryLedger() });
    await Promise.all([ask(CALL), ask(CALL), ask({ ...CALL, seed: 8 })]);
    expect(calls()).toBe(2);
  });

  it('shares nothing without a ledger, so that samples differ', async () => {
    const { endpoint, calls } = countingEndpoint();
    const ask = createAsk({ endpoint, endpointId: 'a', ledger: undefined });
    await Promise.all([ask(CALL), ask(CALL)]);
    expect(calls()).toBe(2);
  });
});

describe('the ledger in memory', () => {
  it('keeps the entries used last', async () => {
    const ledger = createMemoryLedger({ entries: 1 });
    const entry = { model: 'judge-1', content: '{}', tokens: { prompt: 1, completion: 1 } };
    await ledger.put({ id: 'a', ...entry });
    await ledger.put({ id: 'b', ...entry });
    await expect(ledger.get('a')).resolves.toBeUndefined();
    await expect(ledger.get('b')).resolves.toEqual({ id: 'b', ...entry });
  });
});
