import { describe, expect, it } from '@jest/globals';
import { createFakeTime, type FakeTime } from './__fixtures__/fake-time.ts';
import { createGate } from './gate.ts';
import { modelUnavailable } from './model-error.ts';
import { createSlots } from './slots.ts';

type Ask = (call: () => Promise<string>, patienceMs?: number) => Promise<string>;

function setUp(slots = 8): { time: FakeTime; ask: Ask } {
  const time = createFakeTime();
  const { clock, wait } = time;
  const gate = createGate({ slots: createSlots(slots), clock, random: () => 0.5, wait });
  const { signal } = new AbortController();
  return { time, ask: (call, patienceMs = 60_000) => gate(call, { signal, patienceMs }) };
}

const answer = (): Promise<string> => Promise.resolve('answer');
const limited = (retryAfterMs: number) => modelUnavailable('rate_limited', { retryAfterMs });

describe('the gate before an endpoint', () => {
  it('makes a call once, whatever becomes of it', async () => {
    const { time, ask } = setUp();
    const down = modelUnavailable('http_500');
    let calls = 0;
    const fail = (): Promise<never> => {
      calls += 1;
      return Promise.reject(down);
    };
    await expect(ask(fail)).rejects.toBe(down);
    expect(calls).toBe(1);
    expect(time.waits).toEqual([]);
  });

  it('is shut for every other caller after a Retry-After', async () => {
    const { time, ask } = setUp();
    await expect(ask(() => Promise.reject(limited(20_000)))).rejects.toMatchObject({
      retryAfterMs: 20_000,
    });
    await ask(answer);
    // And half of the jitter, so that not all come at once.
    expect(time.waits).toEqual([20_250]);
  });

  it('is shut for whom it finds in the queue', async () => {
    const { time, ask } = setUp(1);
    const startedAtMs = time.clock.now().getTime();
    let askedAtMs = 0;
    const first = ask(() => Promise.reject(limited(20_000)));
    const second = ask(() => {
      askedAtMs = time.clock.now().getTime();
      return answer();
    });
    await expect(first).rejects.toMatchObject({ code: 'model_unavailable' });
    await second;
    expect(askedAtMs - startedAtMs).toBeGreaterThanOrEqual(20_000);
  });

  it('that is shut for longer than a caller has patience rejects and says how long', async () => {
    const { time, ask } = setUp();
    await expect(ask(() => Promise.reject(limited(20_000)))).rejects.toThrow();
    let calls = 0;
    const counted = (): Promise<string> => {
      calls += 1;
      return answer();
    };
    await expect(ask(counted, 10_000)).rejects.toMatchObject({
      code: 'model_unavailable',
      retryable: true,
      retryAfterMs: 20_000,
      details: { reason: 'rate_limited' },
    });
    expect(calls).toBe(0);
    expect(time.waits).toEqual([]);
  });

  it('is open again once its time has passed', async () => {
    const { time, ask } = setUp();
    await expect(ask(() => Promise.reject(limited(20_000)))).rejects.toThrow();
    time.pass(20_000);
    await ask(answer);
    expect(time.waits).toEqual([]);
  });

  it('stays open when a breaker turned a call away', async () => {
    const { time, ask } = setUp();
    const turnedAway = modelUnavailable('breaker_open', { retryAfterMs: 15_000 });
    await expect(ask(() => Promise.reject(turnedAway))).rejects.toBe(turnedAway);
    await ask(answer);
    expect(time.waits).toEqual([]);
  });

  it('lets go of a caller who gives up waiting', async () => {
    const controller = new AbortController();
    const time = createFakeTime();
    const gate = createGate({
      slots: createSlots(1),
      clock: time.clock,
      random: () => 0.5,
      wait: () => {
        controller.abort(new Error('given up'));
        return Promise.resolve();
      },
    });
    const options = { signal: controller.signal, patienceMs: 60_000 };
    await expect(gate(() => Promise.reject(limited(5)), options)).rejects.toThrow();
    let calls = 0;
    const second = gate(() => Promise.resolve((calls += 1)), options);
    await expect(second).rejects.toThrow('given up');
    expect(calls).toBe(0);
  });
});
