import type { Evidence } from './quotes.ts';

export type Score = 1 | 2 | 3 | 4 | 5;

/** The answer for one parameter: what the schema asks for, in the order it is written. */
export type Verdict = {
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly score: Score;
};

/** Rounded and kept within the scale. */
export function toScore(value: number): Score {
  return Math.min(5, Math.max(1, Math.round(value))) as Score;
}
