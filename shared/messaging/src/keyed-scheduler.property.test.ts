import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createKeyedScheduler, type KeyedScheduler } from './keyed-scheduler.ts';

type State = 'waiting' | 'under way' | 'held' | 'finished' | 'withdrawn';
type Item = {
  readonly number: number;
  readonly key: string;
  readonly partition: number;
  state: State;
};

type Step =
  | { readonly does: 'add'; readonly key: string; readonly partition: number }
  | { readonly does: 'start' }
  | { readonly does: 'pause' }
  | { readonly does: 'resume' }
  /** Of any item added so far, whether it is under way or not. */
  | { readonly does: 'finish' | 'hold'; readonly choice: number }
  | { readonly does: 'withdraw'; readonly partition: number };

const partitionNumber = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('add' as const),
      key: fc.constantFrom('a', 'b', 'c'),
      partition: partitionNumber,
    }),
  },
  { weight: 4, arbitrary: fc.constant({ does: 'start' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constantFrom('finish', 'hold'), choice: fc.nat() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('withdraw' as const), partition: partitionNumber }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('pause', 'resume') }) },
);

/** The rule, said by looking through all items every time. */
function createModel(concurrency: number) {
  const items: Item[] = [];
  /** Held by an item that has not been withdrawn since it ended, or that is under way. */
  const isBusy = (key: string): boolean =>
    items.some((item) => item.key === key && (item.state === 'under way' || item.state === 'held'));
  const underWay = (): Item[] => items.filter(({ state }) => state === 'under way');
  const model = {
    items,
    paused: false,
    underWay,
    waiting: () => items.filter(({ state }) => state === 'waiting'),
    startable: (): Item | undefined =>
      model.paused || underWay().length >= concurrency
        ? undefined
        : items.find(({ state, key }) => state === 'waiting' && !isBusy(key)),
    withdraw(number: number): void {
      for (const item of items) {
        if (item.partition !== number) continue;
        if (item.state === 'waiting' || item.state === 'held') item.state = 'withdrawn';
      }
    },
  };
  return model;
}
type Model = ReturnType<typeof createModel>;

/** Takes out what the scheduler lets start next; the model says what that must be. */
function startNext(model: Model, scheduler: KeyedScheduler<Item>): Item | undefined {
  const expected = model.startable();
  const started = scheduler.next();
  expect(started).toBe(expected);
  if (started !== undefined) started.state = 'under way';
  return started;
}

function take(next: Step, model: Model, scheduler: KeyedScheduler<Item>): void {
  if (next.does === 'add') {
    const { key, partition } = next;
    const item: Item = { number: model.items.length, key, partition, state: 'waiting' };
    model.items.push(item);
    scheduler.add(item);
  } else if (next.does === 'start') {
    startNext(model, scheduler);
  } else if (next.does === 'pause' || next.does === 'resume') {
    scheduler[next.does]();
    model.paused = next.does === 'pause';
  } else if (next.does === 'withdraw') {
    scheduler.withdraw((item) => item.partition === next.partition);
    model.withdraw(next.partition);
  } else {
    const item = model.items[next.choice % Math.max(1, model.items.length)];
    // A message ends only after it was started; that it says so twice changes nothing.
    if (item === undefined || item.state === 'waiting') return;
    scheduler[next.does](item);
    if (item.state === 'under way') item.state = next.does === 'finish' ? 'finished' : 'held';
  }
}

const run = fc.record({
  concurrency: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(step, { maxLength: 60, size: 'max' }),
});

describe('a keyed scheduler, whatever is added, held, withdrawn and paused', () => {
  it('starts the oldest item whose key is free, within its limit, and nothing else', () => {
    fc.assert(
      fc.property(run, ({ concurrency, steps }) => {
        const model = createModel(concurrency);
        const scheduler = createKeyedScheduler<Item>({ concurrency, keyOf: ({ key }) => key });
        for (const next of steps) {
          take(next, model, scheduler);
          const underWay = model.underWay();
          expect(scheduler.inFlight()).toBe(underWay.length);
          expect(scheduler.waiting()).toBe(model.waiting().length);
          expect(underWay.length).toBeLessThanOrEqual(concurrency);
          expect(new Set(underWay.map(({ key }) => key)).size).toBe(underWay.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('starts in the end, in order, all that is neither withdrawn nor behind a held item', () => {
    fc.assert(
      fc.property(run, ({ concurrency, steps }) => {
        const model = createModel(concurrency);
        const scheduler = createKeyedScheduler<Item>({ concurrency, keyOf: ({ key }) => key });
        for (const next of steps) take(next, model, scheduler);
        const heldKeys = new Set(
          model.items.filter(({ state }) => state === 'held').map(({ key }) => key),
        );
        const due = model.waiting().filter(({ key }) => !heldKeys.has(key));
        const order: Item[] = [];
        scheduler.resume();
        model.paused = false;
        for (;;) {
          let started = startNext(model, scheduler);
          for (; started !== undefined; started = startNext(model, scheduler)) order.push(started);
          const [first] = model.underWay();
          if (first === undefined) break;
          scheduler.finish(first);
          first.state = 'finished';
        }
        for (const key of ['a', 'b', 'c']) {
          const ofKey = (items: Item[]): number[] =>
            items.filter((item) => item.key === key).map(({ number }) => number);
          expect(ofKey(order)).toEqual(ofKey(due));
        }
        expect(order).toHaveLength(due.length);
      }),
      { numRuns: 200 },
    );
  });
});
