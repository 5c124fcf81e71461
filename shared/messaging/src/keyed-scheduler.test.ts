import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createKeyedScheduler } from './keyed-scheduler.ts';

type Item = { key: string; number: number };

const schedulerOf = (concurrency: number, keys: readonly string[]) => {
  const scheduler = createKeyedScheduler<Item>({ concurrency, keyOf: (item) => item.key });
  keys.forEach((key, number) => scheduler.add({ key, number }));
  return scheduler;
};

describe('createKeyedScheduler', () => {
  it('starts the oldest item of each key that is free', () => {
    const scheduler = schedulerOf(5, ['a', 'a', 'b']);
    expect(scheduler.next()?.number).toBe(0);
    expect(scheduler.next()?.number).toBe(2);
    expect(scheduler.next()).toBeUndefined();
    expect([scheduler.inFlight(), scheduler.waiting()]).toEqual([2, 1]);
  });

  it('starts nothing while paused', () => {
    const scheduler = schedulerOf(1, ['a']);
    scheduler.pause();
    expect(scheduler.next()).toBeUndefined();
    scheduler.resume();
    expect(scheduler.next()?.number).toBe(0);
  });

  it('frees the place of a held item and starts nothing more of its key', () => {
    const scheduler = schedulerOf(1, ['a', 'a', 'b']);
    const first = scheduler.next() as Item;
    scheduler.hold(first);
    expect(scheduler.next()?.key).toBe('b');
    scheduler.finish(first);
    expect(scheduler.next()).toBeUndefined();
    expect(scheduler.waiting()).toBe(1);
  });

  it('starts nothing that was withdrawn while it waited, and goes on with keys held by such', () => {
    const scheduler = schedulerOf(2, ['a', 'a', 'b', 'b']);
    const [held, running] = [scheduler.next(), scheduler.next()] as [Item, Item];
    scheduler.hold(held);
    scheduler.withdraw(({ number }) => number !== 1);
    expect(scheduler.next()?.number).toBe(1);
    // Its item is withdrawn, but under way still: the key waits for its end.
    scheduler.add({ key: 'b', number: 4 });
    expect(scheduler.next()).toBeUndefined();
    scheduler.finish(running);
    expect(scheduler.next()?.number).toBe(4);
  });

  it('keeps order by key and the limit, and starts everything, however the items end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        (concurrency, keys, choices) => {
          const scheduler = schedulerOf(concurrency, keys);
          const running: Item[] = [];
          const ended: Item[] = [];
          while (ended.length < keys.length) {
            for (let item = scheduler.next(); item !== undefined; item = scheduler.next()) {
              running.push(item);
            }
            expect(new Set(running.map(({ key }) => key)).size).toBe(running.length);
            expect(running.length).toBeGreaterThan(0);
            expect(running.length).toBeLessThanOrEqual(concurrency);
            expect(scheduler.inFlight()).toBe(running.length);
            const choice = (choices.next().value as number) % running.length;
            const [item] = running.splice(choice, 1) as [Item];
            scheduler.finish(item);
            ended.push(item);
          }
          for (const key of ['a', 'b', 'c', 'd']) {
            const order = ended.filter((item) => item.key === key).map(({ number }) => number);
            expect(order).toEqual([...order].sort((left, right) => left - right));
          }
        },
      ),
    );
  });
});
