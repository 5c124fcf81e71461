import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createOffsetTracker, type OffsetTracker } from './offset-tracker.ts';

type Step =
  /** Reads the message that comes this many offsets after the last. */
  | { readonly does: 'begin'; readonly gap: number }
  /** Reads one that does not come after the last: a mistake. */
  | { readonly does: 'begin again'; readonly back: number }
  /** Ends a message, counted from the first that was read, whether it has ended before or not. */
  | { readonly does: 'finish'; readonly choice: number }
  /** Ends something that was never read. */
  | { readonly does: 'finish unknown'; readonly offset: number };

/** Compaction and the markers of transactions leave holes. */
const gap = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(5));
const back = fc.integer({ min: 1, max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('begin' as const), gap }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('finish' as const), choice: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('begin again' as const), back }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('finish unknown' as const), offset: fc.nat(200) }),
  },
);

/** What was read, in order of offset, and what of it has ended: all that a position follows from. */
type Model = { readonly start: bigint; readonly offsets: bigint[]; readonly ended: Set<bigint> };

const endOf = ({ start, offsets }: Model): bigint => {
  const last = offsets.at(-1);
  return last === undefined ? start : last + 1n;
};

function take(next: Step, model: Model, tracker: OffsetTracker): void {
  if (next.does === 'begin') {
    const offset = endOf(model) + BigInt(next.gap);
    tracker.begin(offset);
    model.offsets.push(offset);
  } else if (next.does === 'begin again') {
    expect(() => tracker.begin(endOf(model) - BigInt(next.back))).toThrow(RangeError);
  } else if (next.does === 'finish') {
    const offset = model.offsets[next.choice % Math.max(1, model.offsets.length)];
    if (offset === undefined) return;
    tracker.finish(offset);
    model.ended.add(offset);
  } else if (!model.offsets.includes(BigInt(next.offset))) {
    tracker.finish(BigInt(next.offset));
  }
}

describe('an offset tracker, whatever is read and in whatever order it ends', () => {
  it('stands at the first unfinished message, or one past the last, and never goes back', () => {
    const runs = fc.record({ start: fc.bigInt({ min: 0n, max: 50n }), steps: fc.array(step) });
    fc.assert(
      fc.property(runs, ({ start, steps }) => {
        const model: Model = { start, offsets: [], ended: new Set() };
        const tracker = createOffsetTracker(start);
        for (const next of steps) {
          const before = tracker.position();
          take(next, model, tracker);
          const unfinished = model.offsets.filter((offset) => !model.ended.has(offset));
          const position = tracker.position();
          expect(position).toBe(unfinished[0] ?? endOf(model));
          expect(position >= before).toBe(true);
          expect(tracker.span()).toBe(model.offsets.filter((offset) => offset >= position).length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('ends one past the last message once all have ended, and keeps nothing', () => {
    const runs = fc.record({ steps: fc.array(step), order: fc.infiniteStream(fc.nat()) });
    fc.assert(
      fc.property(runs, ({ steps, order }) => {
        const model: Model = { start: 0n, offsets: [], ended: new Set() };
        const tracker = createOffsetTracker(0n);
        for (const next of steps) take(next, model, tracker);
        const left = model.offsets.filter((offset) => !model.ended.has(offset));
        while (left.length > 0) {
          expect(tracker.position()).toBe(left[0]);
          const [offset] = left.splice((order.next().value as number) % left.length, 1);
          if (offset !== undefined) tracker.finish(offset);
        }
        expect([tracker.position(), tracker.span()]).toEqual([endOf(model), 0]);
      }),
      { numRuns: 300 },
    );
  });
});
