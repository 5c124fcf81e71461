import type { RubricParameter } from '@berkas/contracts';

type Scored = Pick<RubricParameter, 'weight'> & { readonly score: number };

/** Rounds half up at the second decimal, as people do on paper: 4.475 gives 4.48. */
export function roundToTwoDecimals(value: number): number {
  // 4.475 is stored as 4.47499…: the nudge is far below any difference a score can make.
  return Math.round((value + 1e-9) * 100) / 100;
}

/** Weighted mean of scores, in the scale of the scores. The weights sum to 1; at least one score. */
export function weightedMean(parameters: readonly Scored[]): number {
  const weights = parameters.reduce((sum, { weight }) => sum + weight, 0);
  const total = parameters.reduce((sum, { weight, score }) => sum + weight * score, 0);
  return total / weights;
}

/** 0.2 to 1: the weighted mean of the CV parameters (1 to 5) times 0.2, two decimals. */
export const cvMatchRate = (mean: number): number => roundToTwoDecimals(mean * 0.2);

/** 1 to 5: the weighted mean of the project parameters, two decimals. */
export const projectScore = (mean: number): number => roundToTwoDecimals(mean);
