import { describe, expect, it } from '@jest/globals';
import { createChance } from './random.ts';

describe('chance', () => {
  it('is the same for the same seed, and another for another', () => {
    const numbers = (seed: number) => Array.from({ length: 20 }, createChance(seed).next);
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(7)).not.toEqual(numbers(8));
  });

  it('stays within its bounds and comes about everywhere between them', () => {
    const chance = createChance(1);
    const tens = new Set<number>();
    for (let count = 0; count < 1_000; count += 1) {
      const number = chance.between(20, 30);
      expect(number).toBeGreaterThanOrEqual(20);
      expect(number).toBeLessThan(30);
      tens.add(Math.floor(number));
    }
    expect(tens.size).toBe(10);
  });

  it('shuffles without losing or doubling anything', () => {
    const items = [...Array(30).keys()];
    const shuffled = createChance(3).shuffled(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted((one, other) => one - other)).toEqual(items);
  });

  it('does not pick from nothing', () => {
    expect(() => createChance(1).pick([])).toThrow(RangeError);
  });
});
