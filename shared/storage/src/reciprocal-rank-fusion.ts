/** The constant of the paper: how little the very first ranks outweigh the next. */
const RANK_CONSTANT = 60;

export type FusedRank = { readonly ordinal: number; readonly score: number };

/**
 * One ranking from several: each ranking gives an item 1 / (60 + its rank), ranks counted from 1,
 * and the sums are compared. It needs no common scale between BM25 and cosine. Ties go to the
 * lower ordinal.
 *
 * Cormack, Clarke, Buettcher: Reciprocal Rank Fusion outperforms Condorcet and individual Rank
 * Learning Methods, SIGIR 2009.
 *
 * @param rankings Ordinals of passages of one source, best first, each at most once in a ranking.
 */
export function reciprocalRankFusion(rankings: readonly (readonly number[])[]): FusedRank[] {
  const scores = new Map<number, number>();
  for (const ranking of rankings) {
    ranking.forEach((ordinal, index) => {
      scores.set(ordinal, (scores.get(ordinal) ?? 0) + 1 / (RANK_CONSTANT + index + 1));
    });
  }
  return [...scores]
    .map(([ordinal, score]) => ({ ordinal, score }))
    .sort((one, other) => other.score - one.score || one.ordinal - other.ordinal);
}
