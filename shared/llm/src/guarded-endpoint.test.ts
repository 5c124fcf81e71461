import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, isBreakerRejection } from '@berkas/service-kit';
import { createFakeTime, type FakeTime } from './__fixtures__/fake-time.ts';
import * as scripted from './__fixtures__/scripted-server.ts';
import { createGuardedEndpoint, type Allowance, type GuardedEndpoint } from './guarded-endpoint.ts';
import { modelBudgetSpent } from './model-error.ts';
import type { ChatCall } from './model-endpoint.ts';

const CALL: ChatCall = {
  model: 'judge-1',
  messages: [{ role: 'user', content: 'Score it.' }],
  schemaName: 'evaluation',
  jsonSchema: { type: 'object' },
  temperature: 0,
  seed: 7,
};
const RESET_MS = 20;

let server: scripted.ScriptedServer;
let time: FakeTime;
let endpoint: GuardedEndpoint;
beforeEach(async () => {
  server = await scripted.startScriptedServer();
  time = createFakeTime();
  endpoint = createGuardedEndpoint({
    name: 'language model',
    baseUrl: server.baseUrl,
    breaker: {
      errorThresholdPercentage: 50,
      volumeThreshold: 2,
      windowMs: 60_000,
      resetTimeoutMs: RESET_MS,
    },
    logger: createLogger({ level: 'silent' }),
    clock: time.clock,
    random: () => 0.5,
    wait: time.wait,
  });
});
afterEach(async () => {
  endpoint.close();
  await server.close();
});

function countingBudget(): Allowance & { spent: () => number } {
  let calls = 0;
  return {
    spend: () => {
      calls += 1;
      return Promise.resolve();
    },
    spent: () => calls,
  };
}

const becomes = (state: 'half_open' | 'open' | 'closed'): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (endpoint.breaker.state() !== state) return;
      stopListening();
      resolve();
    };
    const stopListening = endpoint.breaker.onChange(look);
    look();
  });
async function open(budget?: Allowance): Promise<void> {
  server.script(scripted.status(503));
  for (let call = 0; call < 2; call += 1) {
    await expect(endpoint.chat(CALL, { budget })).rejects.toMatchObject({ retryable: true });
  }
  expect(endpoint.breaker.state()).toBe('open');
}
const arrival = async (count: number): Promise<void> => {
  while (server.received.length < count) await new Promise((resolve) => setImmediate(resolve));
};

describe('a request that is out when its caller gives up', () => {
  it.each([
    { isKept: true, ends: 'to its end where its answer is kept' },
    { isKept: false, ends: 'no further where nobody keeps it' },
  ])('goes on $ends', async ({ isKept }) => {
    const controller = new AbortController();
    let answer = (): void => undefined;
    server.script((response, received) => {
      answer = () => scripted.completion({})(response, received);
    });
    const call = endpoint.chat(CALL, { signal: controller.signal, isKept });
    const settled = call.catch(() => undefined);
    await arrival(1);
    controller.abort(new Error('given up'));
    if (!isKept) await settled;
    answer();
    if (isKept) await expect(call).resolves.toMatchObject({ truncated: false });
    else await expect(call).rejects.toThrow('given up');
  });
});

describe('the budget of a call', () => {
  it('is asked before each request, and not for what the breaker turns away', async () => {
    const budget = countingBudget();
    await open(budget);
    expect(budget.spent()).toBe(2);
    const turnedAway: unknown = await endpoint.chat(CALL, { budget }).catch((e: unknown) => e);
    expect(isBreakerRejection(turnedAway)).toBe(true);
    expect(budget.spent()).toBe(2);
  });

  it('pays for no call that tries whether the endpoint is back', async () => {
    const budget = countingBudget();
    await open();
    await becomes('half_open');
    server.script(scripted.completion({}));
    await endpoint.chat(CALL, { budget });
    expect(budget.spent()).toBe(0);
    await endpoint.chat(CALL, { budget });
    expect(budget.spent()).toBe(1);
  });

  it('keeps the request from going out when it is spent, and says nothing of the endpoint', async () => {
    const spent = modelBudgetSpent({ calls: 60, seconds: 90 });
    const budget: Allowance = { spend: () => Promise.reject(spent) };
    server.script(scripted.status(503));
    await expect(endpoint.chat(CALL)).rejects.toMatchObject({ retryable: true });
    await expect(endpoint.chat(CALL, { budget })).rejects.toBe(spent);
    expect(server.received).toHaveLength(1);
    // Taken for an answer, it would have ended the row of failures.
    await expect(endpoint.chat(CALL)).rejects.toMatchObject({ retryable: true });
    expect(endpoint.breaker.state()).toBe('open');
  });
});

describe('an endpoint that has an alternative', () => {
  it('is not waited for while another call tries whether it is back', async () => {
    await open();
    await becomes('half_open');
    server.script(scripted.hang);
    const tried = endpoint.chat(CALL).catch((error: unknown) => error);
    await arrival(3);
    await expect(endpoint.chat(CALL, { hasAlternative: true })).rejects.toMatchObject({
      details: { reason: 'breaker_open' },
    });
    endpoint.close();
    await tried;
    expect(server.received).toHaveLength(3);
  });

  it('is tried by the first call that finds it half open', async () => {
    await open();
    await becomes('half_open');
    server.script(scripted.completion({}));
    await endpoint.chat(CALL, { hasAlternative: true });
    expect(endpoint.breaker.state()).toBe('closed');
  });

  it('is not waited for while it wants to be left alone', async () => {
    server.script(scripted.status(429, { 'retry-after': '1' }), scripted.completion({}));
    await expect(endpoint.chat(CALL)).rejects.toMatchObject({ retryAfterMs: 1_000 });
    await expect(endpoint.chat(CALL, { hasAlternative: true })).rejects.toMatchObject({
      details: { reason: 'rate_limited' },
      retryAfterMs: 1_000,
    });
    expect(time.waits).toEqual([]);
    await endpoint.chat(CALL);
    expect(time.waits).toEqual([1_250]);
  });
});
