import { describe, expect, it } from '@jest/globals';
import { createChance } from './random.ts';
import { planFaults, type FaultChoice } from './schedule.ts';

const choices: FaultChoice[] = [
  { kind: 'kill', target: 'kafka-1', group: 'kafka', lasts: [1, 5] },
  { kind: 'pause', target: 'kafka-2', group: 'kafka', lasts: [1, 5] },
  { kind: 'kill', target: 'ingest-1', group: 'ingest-1', lasts: [1, 5] },
  { kind: 'cut', target: 'minio', group: 'minio', lasts: [1, 5] },
];
const plan = (seed: number, count = 12) =>
  planFaults({ chance: createChance(seed), choices, count, withinMs: 120_000 });

describe('a schedule of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1)).not.toEqual(plan(2));
  });

  it('has faults of every choice before one comes again', () => {
    const first = plan(4).slice(0, choices.length);
    expect(new Set(first.map(({ target }) => target)).size).toBe(choices.length);
  });

  it('keeps to its time, with the length that each choice gives', () => {
    for (const { atMs, lastsMs } of plan(5)) {
      expect(atMs).toBeGreaterThan(0);
      expect(atMs).toBeLessThan(120_000);
      expect(lastsMs).toBeGreaterThanOrEqual(1_000);
      expect(lastsMs).toBeLessThanOrEqual(5_000);
    }
  });

  it('never breaks two of one group at once, however many are asked for', () => {
    const faults = plan(6, 200);
    expect(faults.length).toBeGreaterThan(20);
    for (const [index, one] of faults.entries()) {
      for (const other of faults.slice(index + 1)) {
        if (one.group !== other.group) continue;
        const [first, second] = one.atMs < other.atMs ? [one, other] : [other, one];
        expect(first.atMs + first.lastsMs).toBeLessThan(second.atMs);
      }
    }
  });

  it('is empty where nothing can be broken, or nothing should be', () => {
    expect(plan(1, 0)).toEqual([]);
    const chance = createChance(1);
    expect(planFaults({ chance, choices: [], count: 9, withinMs: 1_000 })).toEqual([]);
  });
});
