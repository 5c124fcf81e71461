import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assignSticky } from './sticky-assigner.ts';

const claim = (memberId: string, ...partitions: number[]) => ({ memberId, partitions });
const assigned = (partitions: number[], ...claims: ReturnType<typeof claim>[]) =>
  Object.fromEntries(assignSticky(partitions, claims));

describe('sharing out partitions', () => {
  it('gives a new member only what the others have too many of', () => {
    const result = assigned(
      [0, 1, 2, 3, 4, 5],
      claim('a', 0, 2, 4),
      claim('b', 1, 3, 5),
      claim('c'),
    );
    expect(result).toEqual({ a: [0, 2], b: [1, 3], c: [4, 5] });
  });

  it('gives what a member left behind to the others, who keep theirs', () => {
    expect(assigned([0, 1, 2, 3], claim('a', 0), claim('c', 2, 3))).toEqual({
      a: [0, 1],
      c: [2, 3],
    });
  });

  it('leaves members over without partitions', () => {
    expect(assigned([0], claim('a'), claim('b', 0))).toEqual({ a: [], b: [0] });
  });

  it('gives a partition that two claim to one of them, and none that is no longer there', () => {
    expect(assigned([0, 1], claim('a', 0, 7), claim('b', 0))).toEqual({ a: [0], b: [1] });
  });

  it('gives every partition to exactly one member, evenly, whatever they claim', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.array(fc.nat(25), { maxLength: 8 }), { minLength: 1, maxLength: 6 }),
        (count, held) => {
          const partitions = Array.from({ length: count }, (_, index) => index);
          const claims = held.map((claimed, index) => claim(`m${index}`, ...claimed));
          const shares = [...assignSticky(partitions, claims).values()];
          expect(shares.flat().sort((left, right) => left - right)).toEqual(partitions);
          const sizes = shares.map(({ length }) => length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
