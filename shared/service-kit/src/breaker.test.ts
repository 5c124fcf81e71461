import { afterEach, describe, expect, it } from '@jest/globals';
import { createBreaker, isBreakerRejection, type Breaker, type BreakerState } from './breaker.ts';
import { BerkasError } from './errors.ts';
import { createLogger } from './logger.ts';

const open: Breaker[] = [];
afterEach(() => open.splice(0).forEach((breaker) => breaker.close()));

type Time = { nowMs: number };

function setUp(resetTimeoutMs = 60_000, windowMs = 60_000): { breaker: Breaker; time: Time } {
  const time = { nowMs: Date.parse('2026-01-02T03:04:05Z') };
  const breaker = createBreaker({
    name: 'archive',
    options: {
      errorThresholdPercentage: 50,
      volumeThreshold: 3,
      windowMs,
      resetTimeoutMs,
    },
    clock: { now: () => new Date(time.nowMs) },
    logger: createLogger({ level: 'silent' }),
    isFailure: (error) => error === DOWN,
    rejection: (reason, retryAfterMs) =>
      new BerkasError(reason, { code: `archive_${reason}`, retryable: true, retryAfterMs }),
  });
  open.push(breaker);
  return { breaker, time };
}

const DOWN = new BerkasError('down', { code: 'archive_unavailable', retryable: true });
const NOT_FOUND = new BerkasError('not found', { code: 'not_found', retryable: false });
const ABORTED = new Error('aborted');

async function fail(breaker: Breaker, error: Error = DOWN, times = 3): Promise<void> {
  for (let call = 0; call < times; call += 1) {
    await expect(breaker.run(() => Promise.reject(error))).rejects.toBe(error);
  }
}

const reached = (breaker: Breaker, state: BreakerState): Promise<void> =>
  new Promise((resolve) => {
    const stop = breaker.onChange((changed) => {
      if (changed !== state) return;
      stop();
      resolve();
    });
  });

async function setUpHalfOpen(): Promise<{ breaker: Breaker; time: Time }> {
  const { breaker, time } = setUp(20);
  const halfOpen = reached(breaker, 'half_open');
  await fail(breaker);
  await halfOpen;
  return { breaker, time };
}

/** A call that ends as it is told. */
function heldCall() {
  let made = 0;
  let end = { resolve: (): void => undefined, reject: (_error: Error): void => undefined };
  const call = (): Promise<void> => {
    made += 1;
    return new Promise((resolve, reject) => (end = { resolve, reject }));
  };
  return {
    call,
    made: () => made,
    succeed: () => end.resolve(),
    fail: (error: Error) => end.reject(error),
  };
}

describe('a breaker', () => {
  it('opens on failures in a row that are too slow to share a window', async () => {
    const { breaker } = setUp(60_000, 10);
    for (const _call of [1, 2, 3]) {
      expect(breaker.state()).toBe('closed');
      await fail(breaker, DOWN, 1);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(breaker.state()).toBe('open');
  });

  it('does not take failures for a row that answers stand between', async () => {
    const { breaker } = setUp();
    // More answers than failures, so that the share of failures opens nothing either.
    for (const _call of [1, 2, 3, 4, 5, 6]) {
      await fail(breaker, DOWN, 1);
      await fail(breaker, NOT_FOUND, 3);
    }
    expect(breaker.state()).toBe('closed');
  });

  it('stays closed on fewer failures than its threshold', async () => {
    const { breaker } = setUp();
    await fail(breaker, DOWN, 2);
    expect(breaker.state()).toBe('closed');
    expect(breaker.health()).toEqual({ status: 'ok', detail: 'answering' });
  });

  it('opens, then turns calls away without making them and says until when', async () => {
    const { breaker, time } = setUp();
    await fail(breaker);
    time.nowMs += 20_000;
    let called = false;
    const turnedAway = breaker.run(() => {
      called = true;
      return Promise.resolve();
    });
    await expect(turnedAway).rejects.toMatchObject({ code: 'archive_open', retryAfterMs: 40_000 });
    expect(called).toBe(false);
    expect(breaker.health()).toEqual({
      status: 'failed',
      detail: 'away since 2026-01-02T03:04:05.000Z, tried again in 40 s',
    });
  });

  it.each([
    ['answers that are errors', NOT_FOUND],
    ['bugs', new TypeError('a bug')],
    ['abandoned calls', ABORTED],
  ])('does not count %s', async (_name, error) => {
    const { breaker } = setUp();
    await fail(breaker, error, 10);
    expect(breaker.state()).toBe('closed');
  });

  it('no longer tells a listener that was taken off', async () => {
    const { breaker } = setUp();
    const states: BreakerState[] = [];
    breaker.onChange((state) => states.push(state))();
    await fail(breaker);
    expect(states).toEqual([]);
  });

  it('makes no call once it is closed for good', async () => {
    const { breaker } = setUp();
    breaker.close();
    breaker.close();
    await expect(breaker.run(() => Promise.resolve())).rejects.toMatchObject({
      code: 'archive_closed',
    });
  });

  it('knows its rejections, also as the cause of another error', async () => {
    const { breaker } = setUp();
    await fail(breaker);
    const rejection: unknown = await breaker
      .run(() => Promise.resolve())
      .catch((error: unknown) => error);
    expect(isBreakerRejection(rejection)).toBe(true);
    expect(isBreakerRejection(new Error('no text', { cause: rejection }))).toBe(true);
    expect(isBreakerRejection(DOWN)).toBe(false);
    expect(isBreakerRejection(undefined)).toBe(false);
  });
});

describe('a half-open breaker', () => {
  it('lets one call through; the others wait and are made when it succeeds', async () => {
    const { breaker } = await setUpHalfOpen();
    const states: BreakerState[] = [];
    breaker.onChange((state) => states.push(state));
    expect(breaker.health().detail).toMatch(/, tried again by the next call$/);
    const probe = heldCall();
    let others = 0;
    const probed = breaker.run(probe.call);
    const waiting = [1, 2, 3].map(() => breaker.run(() => Promise.resolve((others += 1))));
    await new Promise((resolve) => setImmediate(resolve));
    expect([probe.made(), others]).toEqual([1, 0]);
    expect(breaker.health().detail).toMatch(/, being tried now$/);
    probe.succeed();
    await probed;
    expect(await Promise.all(waiting)).toEqual([1, 2, 3]);
    expect(states).toEqual(['closed']);
    expect(breaker.health().status).toBe('ok');
  });

  it.each([
    ['fails', DOWN],
    ['is abandoned', ABORTED],
    ['runs into a bug', new TypeError('a bug')],
  ])('opens again when that call %s; the others are turned away', async (_name, error) => {
    const { breaker } = await setUpHalfOpen();
    const probe = heldCall();
    const other = heldCall();
    const probed = breaker.run(probe.call);
    const waiting = breaker.run(other.call);
    probe.fail(error);
    await expect(probed).rejects.toBe(error);
    await expect(waiting).rejects.toMatchObject({ code: 'archive_open' });
    expect(other.made()).toBe(0);
  });

  it('closes when that call is answered with an error that is no failure', async () => {
    const { breaker } = await setUpHalfOpen();
    await fail(breaker, NOT_FOUND, 1);
    expect(breaker.state()).toBe('closed');
  });

  it('still says since when the other side has been away after it was tried in vain', async () => {
    const { breaker, time } = await setUpHalfOpen();
    time.nowMs += 3_600_000;
    await fail(breaker, DOWN, 1);
    expect(breaker.health().detail).toMatch(/^away since 2026-01-02T03:04:05\.000Z, /);
  });

  it('lets a caller go that no longer wants to wait', async () => {
    const { breaker } = await setUpHalfOpen();
    const probe = heldCall();
    const other = heldCall();
    const probed = breaker.run(probe.call);
    const controller = new AbortController();
    const waiting = breaker.run(other.call, controller.signal);
    controller.abort(ABORTED);
    await expect(waiting).rejects.toBe(ABORTED);
    probe.succeed();
    await probed;
    expect([breaker.state(), other.made()]).toEqual(['closed', 0]);
  });

  it('turns those who wait away when it is closed for good', async () => {
    const { breaker } = await setUpHalfOpen();
    const probe = heldCall();
    const probed = breaker.run(probe.call);
    const waiting = breaker.run(() => Promise.resolve());
    breaker.close();
    await expect(waiting).rejects.toMatchObject({ code: 'archive_closed' });
    probe.succeed();
    await probed;
  });
});
