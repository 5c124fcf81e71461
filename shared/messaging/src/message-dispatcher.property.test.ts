import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DeliveredMessage } from './event-bus.ts';
import { createMessageDispatcher } from './message-dispatcher.ts';
import { textMessage } from './testing/contract/harness.ts';

/** What a handler does when it is told to give up: go on, end well, or reject. */
type OnAbort = 'goes on' | 'finishes' | 'rejects';

type Step =
  | {
      readonly does: 'offer';
      readonly key: string;
      readonly partition: number;
      readonly onAbort: OnAbort;
    }
  | { readonly does: 'start' | 'pause' | 'resume' }
  /** Ends one of the handlers under way. */
  | { readonly does: 'finish' | 'reject'; readonly choice: number }
  | { readonly does: 'withdraw'; readonly partition: number };

const KEYS = ['a', 'b', 'c'];
const partition = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('offer' as const),
      key: fc.constantFrom(...KEYS),
      partition,
      onAbort: fc.constantFrom<OnAbort>('goes on', 'finishes', 'rejects'),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ does: 'start' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constantFrom('finish' as const, 'finish' as const, 'reject' as const),
      choice: fc.nat(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('withdraw' as const), partition }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('pause', 'resume') }) },
);
const run = fc.record({
  concurrency: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(step, { maxLength: 50, size: 'max' }),
});

/** All that is only promises has ended by then. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Handled = { readonly message: DeliveredMessage; end: (well: boolean) => void };

/** A dispatcher whose handlers end by the steps, and what it was seen to do. */
function createFixture(concurrency: number) {
  const offered: DeliveredMessage[] = [];
  const started: DeliveredMessage[] = [];
  const underWay: Handled[] = [];
  const endedWell = new Set<DeliveredMessage>();
  const finished: DeliveredMessage[] = [];
  const rejected: DeliveredMessage[] = [];
  const withdrawn = new Set<DeliveredMessage>();
  const withdrawals: Promise<void>[] = [];
  const onAborts = new Map<DeliveredMessage, OnAbort>();
  /** What went wrong inside of a handler, where a failed expectation would only reject it. */
  const wrong: string[] = [];
  let paused = false;

  const dispatcher = createMessageDispatcher({
    concurrency,
    onMessage: (message, signal) =>
      new Promise((resolve, reject) => {
        if (paused) wrong.push('started while paused');
        const isHeld = rejected.some((other) => other.key === message.key && !withdrawn.has(other));
        if (isHeld) wrong.push('started behind a rejected message');
        started.push(message);
        const handled: Handled = {
          message,
          end(well) {
            underWay.splice(underWay.indexOf(handled), 1);
            if (well) endedWell.add(message);
            if (well) resolve();
            else reject(new Error('rejected by the test'));
          },
        };
        underWay.push(handled);
        const keys = new Set(underWay.map((each) => each.message.key));
        if (underWay.length > concurrency) wrong.push('more under way than allowed');
        if (keys.size < underWay.length) wrong.push('two of one key under way');
        signal.addEventListener('abort', () => {
          const onAbort = onAborts.get(message);
          if (onAbort !== 'goes on' && underWay.includes(handled)) {
            handled.end(onAbort === 'finishes');
          }
        });
      }),
    onFinished: (message) => void finished.push(message),
    onRejected: (message) => void rejected.push(message),
  });
  const withdraw = (number: number): void => {
    // Of one time of owning the partition: what is read of it later is another's.
    const lost = new Set(offered.filter((message) => message.partition === number));
    const matches = (message: DeliveredMessage): boolean => lost.has(message);
    const leaving = underWay.filter(({ message }) => matches(message));
    for (const message of lost) withdrawn.add(message);
    const withdrawal = dispatcher.withdraw(matches).then(() => {
      // What waits for this may read the partition anew: nothing of it may be under way then.
      if (leaving.some((each) => underWay.includes(each))) wrong.push('withdrawn too early');
    });
    withdrawals.push(withdrawal);
  };
  const take = async (next: Step): Promise<void> => {
    if (next.does === 'offer') {
      const content = textMessage('t', next.key, '');
      const offset = String(offered.length);
      const message = { ...content, partition: next.partition, offset, timestampMs: 0 };
      onAborts.set(message, next.onAbort);
      offered.push(message);
      dispatcher.offer(message);
    } else if (next.does === 'withdraw') {
      withdraw(next.partition);
    } else if (next.does === 'finish' || next.does === 'reject') {
      underWay[next.choice % Math.max(1, underWay.length)]?.end(next.does === 'finish');
    } else {
      dispatcher[next.does]();
      if (next.does !== 'start') paused = next.does === 'pause';
    }
    await settle();
  };
  return {
    dispatcher,
    ...{ offered, started, underWay, endedWell, finished, rejected, withdrawn, withdrawals, wrong },
    async takeAll(steps: readonly Step[]) {
      for (const next of steps) {
        const startedBefore = started.length;
        await take(next);
        // A pause holds up what was not yet started; starting is the adapter's to ask for.
        if (next.does !== 'start') expect(started).toHaveLength(startedBefore);
      }
    },
    /** Ends well whatever is under way, and starts what is due, until nothing is left to do. */
    async finishAll() {
      await take({ does: 'resume' });
      for (;;) {
        await take({ does: 'start' });
        if (underWay.length === 0) return;
        await take({ does: 'finish', choice: 0 });
      }
    },
  };
}
type Fixture = ReturnType<typeof createFixture>;

/** What must hold at any moment. */
function expectSound({ offered, started, endedWell, finished, rejected, wrong }: Fixture): void {
  expect(wrong).toEqual([]);
  expect(new Set(started).size).toBe(started.length);
  for (const key of KEYS) {
    const offsets = started.filter((each) => each.key === key).map(({ offset }) => Number(offset));
    expect(offsets).toEqual([...offsets].sort((left, right) => left - right));
  }
  // Only what may be committed is said to be finished, and only once.
  expect(new Set(finished)).toEqual(endedWell);
  expect(new Set([...finished, ...rejected]).size).toBe(finished.length + rejected.length);
  expect(offered).toEqual(expect.arrayContaining(started));
}

describe('a message dispatcher, whatever arrives, ends, rejects, leaves and pauses', () => {
  it('keeps order by key and its limit, starts nothing twice, finishes only what ended well', async () => {
    await fc.assert(
      fc.asyncProperty(run, async ({ concurrency, steps }) => {
        const fixture = createFixture(concurrency);
        await fixture.takeAll(steps);
        expectSound(fixture);
        const { started, underWay, finished, rejected } = fixture;
        expect(underWay).toHaveLength(started.length - finished.length - rejected.length);
        expect(fixture.dispatcher.inFlight()).toBe(underWay.length);
      }),
      { numRuns: 150 },
    );
  });

  it('delivers in the end all that was neither withdrawn nor is behind a rejected message', async () => {
    await fc.assert(
      fc.asyncProperty(run, async ({ concurrency, steps }) => {
        const fixture = createFixture(concurrency);
        await fixture.takeAll(steps);
        await fixture.finishAll();
        await Promise.all(fixture.withdrawals);
        expectSound(fixture);
        const { offered, finished, rejected, withdrawn } = fixture;
        const held = new Set(
          rejected.filter((message) => !withdrawn.has(message)).map(({ key }) => key),
        );
        const missing = offered.filter(
          (message) => !finished.includes(message) && !rejected.includes(message),
        );
        for (const message of missing) {
          expect(withdrawn.has(message) || held.has(message.key)).toBe(true);
        }
        expect(fixture.dispatcher.waiting()).toBe(
          missing.filter((message) => !withdrawn.has(message)).length,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('has nothing under way once it has stopped, and starts nothing more', async () => {
    await fc.assert(
      fc.asyncProperty(run, async ({ concurrency, steps }) => {
        const fixture = createFixture(concurrency);
        await fixture.takeAll(steps);
        let stopped = false;
        const stopping = fixture.dispatcher.stop().then(() => (stopped = true));
        await settle();
        while (fixture.underWay.length > 0) {
          expect(stopped).toBe(false);
          fixture.underWay[0]?.end(true);
          await settle();
        }
        await stopping;
        const { length } = fixture.started;
        await fixture.finishAll();
        expect(fixture.started).toHaveLength(length);
        expectSound(fixture);
      }),
      { numRuns: 100 },
    );
  });
});
