import { expect, it } from '@jest/globals';
import { createReplayMerge, type ReplayMerge } from './replay-merge.ts';

const message = (partition: number, offset: number, timestampMs: number) => ({
  topic: 't',
  partition,
  offset: String(offset),
  timestampMs,
  key: '',
  headers: {},
  value: new Uint8Array(),
});
const takeAll = (merge: ReplayMerge): string[] => {
  const places: string[] = [];
  for (let taken = merge.take(); taken !== undefined; taken = merge.take()) {
    places.push(`${taken.partition}/${taken.offset}`);
  }
  return places;
};

it('hands out the oldest first, and waits for a partition that may have an older one', () => {
  const merge = createReplayMerge([
    { partition: 0, start: 0n, end: 2n },
    { partition: 1, start: 5n, end: 7n },
  ]);
  merge.add(0, [message(0, 0, 10), message(0, 1, 30)]);
  expect(takeAll(merge)).toEqual([]);
  merge.add(1, [message(1, 5, 20), message(1, 6, 40)]);
  expect(takeAll(merge)).toEqual(['0/0', '1/5', '0/1', '1/6']);
  expect(merge.isDone()).toBe(true);
});

it('keeps the order of a partition, also where its clock went back', () => {
  const merge = createReplayMerge([{ partition: 0, start: 0n, end: 2n }]);
  merge.add(0, [message(0, 0, 20), message(0, 1, 10)]);
  expect(takeAll(merge)).toEqual(['0/0', '0/1']);
});

it('leaves out what lies before the start, after the end, or came before', () => {
  const merge = createReplayMerge([{ partition: 0, start: 3n, end: 5n }]);
  merge.add(0, [message(0, 2, 1), message(0, 3, 2)]);
  merge.add(0, [message(0, 3, 2), message(0, 4, 3), message(0, 5, 4)]);
  expect(takeAll(merge)).toEqual(['0/3', '0/4']);
  expect(merge.isDone()).toBe(true);
});

it('is done when all that is left before the end holds no messages', () => {
  const merge = createReplayMerge([{ partition: 0, start: 0n, end: 4n }]);
  merge.add(0, [message(0, 0, 1)]);
  expect(takeAll(merge)).toEqual(['0/0']);
  expect([merge.isDone(), merge.nextToRead(0)]).toEqual([false, 1n]);
  merge.reached(0, 4n);
  expect([merge.isDone(), merge.isRead(0)]).toEqual([true, true]);
});

it('counts what waits while many are taken', () => {
  const merge = createReplayMerge([{ partition: 0, start: 0n, end: 3_000n }]);
  merge.add(
    0,
    Array.from({ length: 3_000 }, (_, offset) => message(0, offset, offset)),
  );
  for (let taken = 0; taken < 2_500; taken += 1) merge.take();
  expect(merge.waiting(0)).toBe(500);
  expect(merge.take()?.offset).toBe('2500');
});
