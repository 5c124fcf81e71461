import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createOffsetTracker } from './offset-tracker.ts';

describe('createOffsetTracker', () => {
  it('stands at its start while nothing is read', () => {
    const tracker = createOffsetTracker(7n);
    expect(tracker.position()).toBe(7n);
    expect(tracker.span()).toBe(0);
  });

  it('waits for the first unfinished message, then passes all that finished behind it', () => {
    const tracker = createOffsetTracker(0n);
    for (const offset of [0n, 1n, 2n, 3n]) tracker.begin(offset);
    tracker.finish(1n);
    tracker.finish(2n);
    expect(tracker.position()).toBe(0n);
    tracker.finish(0n);
    expect(tracker.position()).toBe(3n);
    expect(tracker.span()).toBe(1);
  });

  it('refuses an offset that does not grow', () => {
    const tracker = createOffsetTracker(5n);
    expect(() => tracker.begin(4n)).toThrow(RangeError);
    tracker.begin(5n);
    expect(() => tracker.begin(5n)).toThrow(RangeError);
  });

  it('ignores the end of a message that it does not know or that ended before', () => {
    const tracker = createOffsetTracker(0n);
    tracker.begin(0n);
    tracker.finish(9n);
    expect(tracker.position()).toBe(0n);
    tracker.finish(0n);
    tracker.finish(0n);
    expect(tracker.position()).toBe(1n);
  });

  it('never passes an unfinished message and reaches the end, in whatever order they finish', () => {
    const steps = fc
      .uniqueArray(fc.bigInt({ min: 0n, max: 1_000n }), { minLength: 1, maxLength: 60 })
      .chain((offsets) =>
        fc.tuple(fc.constant(offsets), fc.shuffledSubarray(offsets, { minLength: offsets.length })),
      );
    fc.assert(
      fc.property(steps, ([offsets, order]) => {
        const sorted = [...offsets].sort((a, b) => (a < b ? -1 : 1));
        const tracker = createOffsetTracker(sorted[0] ?? 0n);
        for (const offset of sorted) tracker.begin(offset);
        const unfinished = new Set(sorted);
        for (const offset of order) {
          const before = tracker.position();
          tracker.finish(offset);
          unfinished.delete(offset);
          const first = sorted.find((candidate) => unfinished.has(candidate));
          expect(tracker.position()).toBe(first ?? (sorted.at(-1) ?? 0n) + 1n);
          expect(tracker.position() >= before).toBe(true);
          const after = sorted.filter((candidate) => candidate >= tracker.position());
          expect(tracker.span()).toBe(after.length);
        }
        expect(tracker.span()).toBe(0);
      }),
    );
  });
});
