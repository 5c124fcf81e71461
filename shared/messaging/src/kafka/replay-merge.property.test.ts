import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DeliveredMessage } from '../event-bus.ts';
import { textMessage } from '../testing/contract/harness.ts';
import { createReplayMerge } from './replay-merge.ts';

/** What a partition holds: times of messages, and holes where compaction or markers left none. */
type Slot = { readonly timestampMs: number } | 'hole';
type Partition = { readonly before: number; readonly slots: Slot[]; readonly after: number };

const slot = (clockGoesBack: boolean): fc.Arbitrary<Slot> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ timestampMs: fc.nat(clockGoesBack ? 20 : 3) }) },
    { weight: 1, arbitrary: fc.constant('hole' as const) },
  );
const partitions = (clockGoesBack: boolean): fc.Arbitrary<Partition[]> =>
  fc.array(
    fc.record({
      before: fc.nat(3),
      slots: fc.array(slot(clockGoesBack), { minLength: 1, maxLength: 15 }),
      after: fc.nat(3),
    }),
    { minLength: 1, maxLength: 4 },
  );

/**
 * How it is read: a part of a partition at a time, of any size, again from a little before where
 * reading had got to, and on past the end of what is replayed; takes come in between.
 */
type Reading = { readonly choice: number; readonly count: number; again: number; takes: number };
const reading: fc.Arbitrary<Reading[]> = fc.array(
  fc.record({
    choice: fc.nat(),
    count: fc.integer({ min: 1, max: 6 }),
    again: fc.nat(2),
    takes: fc.nat(4),
  }),
  { maxLength: 30 },
);

/** All messages of a partition, also those around the range that is replayed. */
function messagesOf({ before, slots, after }: Partition, partition: number, growing: boolean) {
  let clockMs = 0;
  const all: Slot[] = [
    ...Array.from({ length: before }, () => ({ timestampMs: 0 })),
    ...slots,
    ...Array.from({ length: after }, () => ({ timestampMs: 0 })),
  ];
  return all.map((each, offset): DeliveredMessage | undefined => {
    if (each === 'hole') return undefined;
    clockMs = growing ? clockMs + each.timestampMs : each.timestampMs;
    const content = textMessage('t', 'k', '');
    return { ...content, partition, offset: String(offset), timestampMs: clockMs };
  });
}

function replay(read: Partition[], steps: Reading[], growing: boolean) {
  const logs = read.map((partition, number) => messagesOf(partition, number, growing));
  const ranges = read.map(({ before, slots }, partition) => ({
    partition,
    start: BigInt(before),
    end: BigInt(before + slots.length),
  }));
  const merge = createReplayMerge(ranges);
  const taken: DeliveredMessage[] = [];
  const take = (most: number): void => {
    for (let count = 0; count < most; count += 1) {
      const message = merge.take();
      if (message === undefined) return;
      taken.push(message);
    }
  };
  const readPart = (partition: number, count: number, again: number): void => {
    const log = logs[partition] ?? [];
    const from = Math.max(0, Number(merge.nextToRead(partition)) - again);
    const part = log.slice(from, from + count);
    merge.add(
      partition,
      part.filter((message) => message !== undefined),
    );
    merge.reached(partition, BigInt(from + part.length));
  };
  for (const { choice, count, again, takes } of steps) {
    readPart(choice % read.length, count, again);
    take(takes);
  }
  for (const { partition } of ranges) {
    for (let left = 30; left > 0 && !merge.isRead(partition); left -= 1) {
      readPart(partition, 3, 0);
    }
    take(2);
  }
  take(Infinity);
  const expected = logs.flatMap((log, partition) => {
    const range = ranges[partition];
    const inRange = log.slice(Number(range?.start), Number(range?.end));
    return inRange.filter((message) => message !== undefined);
  });
  return { merge, taken, expected };
}

const placeOf = ({ partition, offset }: DeliveredMessage): string => `${partition}/${offset}`;

describe('merging a replay, however its partitions are read', () => {
  it('hands out every message of the range once, each partition in order', () => {
    fc.assert(
      fc.property(partitions(true), reading, (read, steps) => {
        const { merge, taken, expected } = replay(read, steps, false);
        expect(merge.isDone()).toBe(true);
        for (const number of read.keys()) {
          const places = (messages: DeliveredMessage[]): string[] =>
            messages.filter(({ partition }) => partition === number).map(placeOf);
          expect(places(taken)).toEqual(places(expected));
          expect(merge.waiting(number)).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('hands out the oldest first, wherever no partition has a clock that went back', () => {
    fc.assert(
      fc.property(partitions(false), reading, (read, steps) => {
        const { taken } = replay(read, steps, true);
        const times = taken.map(({ timestampMs }) => timestampMs);
        expect(times).toEqual([...times].sort((left, right) => left - right));
      }),
      { numRuns: 200 },
    );
  });
});
