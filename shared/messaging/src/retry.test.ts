import { beforeEach, describe, expect, it } from '@jest/globals';
import { BerkasError, isRetryable } from '@berkas/service-kit';
import { attempt, waitMs, type AttemptOptions } from './retry.ts';
import {
  breakerRejection,
  createSwitchedFlow,
  type SwitchedFlow,
} from './testing/switched-flow.ts';

const DAY_MS = 24 * 3_600_000;
const policy = { initialMs: 100, maximumMs: 1_000 };
const away = (retryAfterMs?: number) =>
  new BerkasError('away', { code: 'away', retryable: true, retryAfterMs });

describe('waitMs', () => {
  it('doubles up to the maximum, with full jitter', () => {
    const waits = [1, 2, 3, 4, 5, 6].map((attempt) =>
      waitMs(policy, { attempt, error: away() }, () => 0.5),
    );
    expect(waits).toEqual([50, 100, 200, 400, 500, 500]);
  });

  it('waits at least as long as the other side asked for', () => {
    expect(waitMs(policy, { attempt: 1, error: away(5_000) }, () => 0)).toBe(5_000);
    expect(waitMs(policy, { attempt: 1, error: away(5_000) }, () => 0.5)).toBe(5_050);
  });

  it('is not made to wait for hours', () => {
    expect(waitMs(policy, { attempt: 1, error: away(1e12) }, () => 0)).toBe(600_000);
  });

  it('ignores what an error that is not ours says', () => {
    expect(waitMs(policy, { attempt: 1, error: { retryAfterMs: 9 } }, () => 0)).toBe(0);
  });
});

describe('attempt', () => {
  const { signal } = new AbortController();
  let flow: SwitchedFlow;
  let nowMs: number;
  let told: (readonly string[])[];
  beforeEach(() => {
    flow = createSwitchedFlow();
    nowMs = 0;
    told = [];
  });

  const options = (changes: Partial<AttemptOptions> = {}): AttemptOptions => ({
    policy: {
      attempts: 2,
      patienceMs: 60_000,
      outagePatienceMs: DAY_MS,
      initialMs: 1,
      maximumMs: 1,
    },
    flow,
    clock: { now: () => new Date(nowMs) },
    signal,
    random: () => 1,
    mayPass: isRetryable,
    onRetry: () => undefined,
    onAway: ({ waitingFor }) => told.push(waitingFor),
    ...changes,
  });

  /** Fails as each step says, until there are no more; answers the numbers of the tries. */
  async function runSteps(steps: (() => Error)[], changes: Partial<AttemptOptions> = {}) {
    const tries: number[] = [];
    const result = await attempt((count) => {
      tries.push(count);
      const step = steps.shift();
      return step === undefined ? Promise.resolve('done') : Promise.reject(step());
    }, options(changes));
    return { tries, result };
  }

  const failing = (): BerkasError => away();
  /** The breaker opens with this failure and lets a try through after six hours. */
  const failingForHours = (): BerkasError => {
    flow.block();
    setImmediate(() => {
      nowMs += 6 * 3_600_000;
      flow.unblock();
    });
    return away();
  };
  const failingAfter = (ms: number) => (): BerkasError => {
    nowMs += ms;
    return away();
  };

  it('spends neither tries nor patience on an outage', async () => {
    const steps = [failingForHours, failingForHours, failing, failing, failingAfter(59_000)];
    const { tries, result } = await runSteps([...steps, failingAfter(1_000), failing]);
    expect(tries).toEqual([1, 1, 1, 2, 3, 4]);
    expect(result).toMatchObject({ ok: false, attempts: 4 });
  });

  it('gives up after a day of outages what opens the breaker by itself', async () => {
    const always = Array.from({ length: 20 }, () => failingForHours);
    const { tries, result } = await runSteps(always);
    expect(result).toMatchObject({ ok: false, attempts: 2 });
    // Four outages of six hours, and then the tries and the patience that any failure has.
    expect(tries).toEqual([1, 1, 1, 1, 1, 2]);
  });

  it('does not give up on a last try that failed because something is away', async () => {
    const { tries, result } = await runSteps([failingForHours, failingForHours], {
      policy: { attempts: 1, patienceMs: 0, outagePatienceMs: DAY_MS, initialMs: 1, maximumMs: 1 },
    });
    expect(tries).toEqual([1, 1, 1]);
    expect(result.ok).toBe(true);
  });

  it('does not count a failure after which the breaker opens', async () => {
    const outages = [failing, failing, failing];
    const { tries, result } = await runSteps(outages, {
      policy: { attempts: 2, patienceMs: 0, outagePatienceMs: DAY_MS, initialMs: 1, maximumMs: 1 },
      onRetry: () => void failingForHours(),
    });
    expect(tries).toEqual([1, 1, 1, 1]);
    expect(result.ok).toBe(true);
  });

  it('never counts a call that a breaker turned away, even one that the flow does not know', async () => {
    const rejection = await breakerRejection();
    const steps = Array.from({ length: 9 }, () => () => rejection);
    const { tries, result } = await runSteps(steps, {
      policy: { attempts: 1, patienceMs: 0, outagePatienceMs: DAY_MS, initialMs: 1, maximumMs: 1 },
    });
    expect(new Set(tries)).toEqual(new Set([1]));
    expect(result.ok).toBe(true);
    expect(told).toEqual([[]]);
  });

  it('tells what it waits for once an outage', async () => {
    const outage = [failingForHours, failingForHours, failingForHours];
    await runSteps([...outage, failing, ...outage]);
    expect(told).toEqual([['Elasticsearch'], ['Elasticsearch']]);
  });

  it('does not wait with what cannot pass', async () => {
    flow.block();
    const { tries, result } = await runSteps([() => new TypeError('a bug')]);
    expect(tries).toEqual([1]);
    expect(result).toMatchObject({ ok: false, attempts: 1 });
  });

  it('spreads those that waited', async () => {
    const asked: number[] = [];
    const random = (): number => {
      asked.push(flow.blockedBy().length);
      return 0;
    };
    await runSteps([failingForHours], { random });
    expect(asked).toEqual([0]);
  });

  it('ends as failed when it is aborted while it waits', async () => {
    const controller = new AbortController();
    const { tries, result } = await runSteps(
      [
        () => {
          flow.block();
          setImmediate(() => controller.abort());
          return away();
        },
      ],
      { signal: controller.signal },
    );
    expect(tries).toEqual([1]);
    expect(result.ok).toBe(false);
    expect(flow.listeners()).toBe(0);
  });
});
