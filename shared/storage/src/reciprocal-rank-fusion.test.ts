import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reciprocalRankFusion } from './reciprocal-rank-fusion.ts';

describe('reciprocalRankFusion', () => {
  it('adds 1 / (60 + rank) over the rankings, ranks from 1', () => {
    expect(
      reciprocalRankFusion([
        [7, 3],
        [3, 9],
      ]),
    ).toEqual([
      { ordinal: 3, score: 1 / 62 + 1 / 61 },
      { ordinal: 7, score: 1 / 61 },
      { ordinal: 9, score: 1 / 62 },
    ]);
  });

  it('gives ties to the lower ordinal', () => {
    const fused = reciprocalRankFusion([
      [5, 2],
      [2, 5],
      [8, 1],
    ]);
    expect(fused.map(({ ordinal }) => ordinal)).toEqual([2, 5, 8, 1]);
  });

  it('makes nothing of no rankings and of empty ones', () => {
    expect(reciprocalRankFusion([])).toEqual([]);
    expect(reciprocalRankFusion([[], []])).toEqual([]);
  });

  it('keeps the order of a single ranking, whatever its ordinals', () => {
    const ranking = fc.uniqueArray(fc.nat());
    fc.assert(
      fc.property(ranking, (ordinals) => {
        const fused = reciprocalRankFusion([ordinals, []]);
        expect(fused.map(({ ordinal }) => ordinal)).toEqual(ordinals);
      }),
    );
  });

  it('does not depend on which of two rankings comes first', () => {
    const ranking = fc.uniqueArray(fc.nat({ max: 30 }));
    fc.assert(
      fc.property(ranking, ranking, (one, other) => {
        expect(reciprocalRankFusion([one, other])).toEqual(reciprocalRankFusion([other, one]));
      }),
    );
  });
});
