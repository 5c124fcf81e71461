import { describe, expect, it } from '@jest/globals';
import { cvMatchRate, projectScore, roundToTwoDecimals, weightedMean } from './arithmetic.ts';

describe('the arithmetic of scores', () => {
  it('weighs each score by its parameter', () => {
    const mean = weightedMean([
      { weight: 0.4, score: 4 },
      { weight: 0.25, score: 3 },
      { weight: 0.2, score: 5 },
      { weight: 0.15, score: 2 },
    ]);
    expect(mean).toBeCloseTo(3.65, 10);
    expect(cvMatchRate(mean)).toBe(0.73);
    expect(projectScore(mean)).toBe(3.65);
  });

  it('gives 0.2 for all ones and 1 for all fives', () => {
    const all = (score: number) =>
      weightedMean([0.4, 0.25, 0.2, 0.15].map((weight) => ({ weight, score })));
    expect(cvMatchRate(all(1))).toBe(0.2);
    expect(cvMatchRate(all(5))).toBe(1);
  });

  it('rounds a half up although its binary form lies below the half', () => {
    expect(roundToTwoDecimals(4.475)).toBe(4.48);
    expect(roundToTwoDecimals(1.005)).toBe(1.01);
    expect(roundToTwoDecimals(4.474)).toBe(4.47);
  });
});
