import { describe, expect, it } from '@jest/globals';
import type { FaultRecord } from '../injector.ts';
import { checkModelCalls, countModelCalls } from './model-calls.ts';

const about = 'synthesis of Reference 000001';
const answers = new Map([
  ['a', { about, wholeAt: [50_000, 65_000], spoilt: 3 }],
  ['b', { about: 'another', wholeAt: [70_000], spoilt: 0 }],
  ['c', { about: 'never answered', wholeAt: [], spoilt: 1 }],
]);
const fault = (kind: FaultRecord['kind'], from: number, inFlight: number): FaultRecord => ({
  ...{ kind, from, inFlight },
  ...{ target: 'berkas', to: from + 1_000 },
});

describe('the model calls', () => {
  it('are needed once for each different request that was answered', () => {
    const kill = fault('kill', 50_100, 1);
    const counted = countModelCalls(answers, [kill, fault('pause', 90_000, 0)]);
    expect(counted).toEqual({
      ...{ needed: 2, made: 3, spoilt: 4, excess: 1, allowed: 1 },
      lost: [{ about, at: 50_000, againAfterMs: 15_000, during: ['kill berkas (100 ms before)'] }],
    });
    expect(checkModelCalls(counted)).toEqual([]);
  });

  it('are too many where more were answered again than can have got lost', () => {
    const counted = countModelCalls(answers, []);
    expect(counted.lost).toEqual([{ about, at: 50_000, againAfterMs: 15_000, during: [] }]);
    expect(checkModelCalls(counted)).toEqual([
      '1 model calls were answered again, and only 0 answers can have got lost',
      `${about} was answered again, with nothing broken about then`,
    ]);
  });

  it('are not excused by what the model itself did', () => {
    const counted = countModelCalls(answers, [fault('model-away', 50_100, 5)]);
    expect(checkModelCalls(counted)).toHaveLength(2);
  });

  it('are not excused by what was broken at another time', () => {
    const counted = countModelCalls(answers, [fault('kill', 20_000, 5)]);
    expect(checkModelCalls(counted)).toEqual([
      `${about} was answered again, with nothing broken about then`,
    ]);
  });
});
