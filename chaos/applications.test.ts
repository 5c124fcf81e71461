import { describe, expect, it } from '@jest/globals';
import { expectations, referenceOf, referencesIn, withoutReferences } from './applications.ts';
import { createChance } from './random.ts';

describe('what is expected of the applications', () => {
  const expected = expectations(200, 9, createChance(1));
  const codes = expected.flatMap((one) => (one.outcome === 'failed' ? [one.code] : []));

  it('is the same for the same seed', () => {
    expect(expectations(200, 9, createChance(1))).toEqual(expected);
    expect(expectations(200, 9, createChance(2))).not.toEqual(expected);
  });

  it('has some that fail for good, of every kind, and every base among the others', () => {
    expect(codes).toHaveLength(10);
    expect(new Set(codes)).toEqual(new Set(['pdf_corrupt', 'pdf_no_text', 'pdf_encrypted']));
    const bases = expected.flatMap((one) => (one.outcome === 'completed' ? [one.base] : []));
    expect(new Set(bases).size).toBe(9);
  });

  it('leaves one to be completed where there are few', () => {
    for (const count of [1, 2, 3]) {
      const few = expectations(count, 1, createChance(1));
      expect(few).toHaveLength(count);
      expect(few.some(({ outcome }) => outcome === 'completed')).toBe(true);
    }
  });
});

describe('a reference', () => {
  it('is as wide for every number, and found again', () => {
    expect(referenceOf(7)).toHaveLength(referenceOf(123_456).length);
    expect(referencesIn(`${referenceOf(7)} and ${referenceOf(8)}, ${referenceOf(7)}`)).toEqual([
      'Reference 000007',
      'Reference 000008',
    ]);
  });

  it('is taken out to compare', () => {
    expect(withoutReferences(`Good (${referenceOf(7)}).`)).toBe(
      withoutReferences(`Good (${referenceOf(8)}).`),
    );
  });
});
