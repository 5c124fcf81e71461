import { describe, expect, it } from '@jest/globals';

import {
  createFaultSource,
  INVENTED_QUOTE,
  serialise,
  type Fault,
  type FaultPlan,
} from './faults.ts';
import type { ChatAnswer } from './chat.ts';

const answer: ChatAnswer = {
  kind: 'scoring',
  body: {
    parameters: {
      one: { reason: 'r', evidence: [{ quote: 'q', page: 2 }], score: 3 },
      two: { reason: 'r', evidence: [], score: 5 },
    },
    feedback: 'f',
  },
};
const take = (plan: FaultPlan, count: number): (Fault | undefined)[] => {
  const source = createFaultSource(plan);
  return Array.from({ length: count }, () => source.next());
};
const parsed = (
  fault: 'break_schema' | 'out_of_range' | 'invent_quote',
  of: ChatAnswer = answer,
): unknown => JSON.parse(serialise(of, fault, 1).content ?? '');

describe('a plan of faults', () => {
  it('follows its sequence and then answers', () => {
    expect(take({ sequence: ['reset', 'none', 'status_429'] }, 4)).toEqual([
      'reset',
      undefined,
      'status_429',
      undefined,
    ]);
  });

  it('draws the same faults from the same seed, about as often as asked', () => {
    const plan: FaultPlan = { probabilities: { hang: 0.25, refuse: 0.25 }, seed: 11 };
    const faults = take(plan, 2000);
    expect(take(plan, 2000)).toEqual(faults);
    expect(take({ ...plan, seed: 12 }, 2000)).not.toEqual(faults);
    const share = faults.filter((fault) => fault === 'hang').length / 2000;
    expect(Math.abs(share - 0.25)).toBeLessThan(0.05);
  });

  it.each([[{ hang: 0.7, late: 0.6 }], [{ hang: -0.1 }], [{ hang: Number.NaN }]])(
    'rejects the probabilities %j',
    (probabilities) => {
      expect(() => createFaultSource({ probabilities })).toThrow(RangeError);
    },
  );
});

describe('a spoilt answer', () => {
  it('is cut short with the reason length', () => {
    const { content, finishReason } = serialise(answer, 'truncate', 1);
    expect(finishReason).toBe('length');
    expect(() => void JSON.parse(content ?? '')).toThrow(SyntaxError);
  });

  it('is no JSON', () => {
    expect(() => void JSON.parse(serialise(answer, 'break_json', 1).content ?? '')).toThrow();
  });

  it('lacks a parameter, scores 7 or invents a quote', () => {
    expect(parsed('break_schema')).toMatchObject({ parameters: { two: {} } });
    expect(parsed('break_schema')).not.toMatchObject({ parameters: { one: {} } });
    expect(parsed('out_of_range')).toMatchObject({ parameters: { one: { score: 7 } } });
    expect(parsed('invent_quote')).toMatchObject({
      parameters: { one: { evidence: [{ quote: INVENTED_QUOTE }] } },
    });
  });

  it('refuses without content', () => {
    expect(serialise(answer, 'refuse', 1)).toMatchObject({
      content: null,
      refusal: expect.any(String),
    });
  });

  it('wavers by a point at most, within the scale, by the seed', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 30; seed += 1) {
      const { content } = serialise(answer, 'waver', seed);
      expect(serialise(answer, 'waver', seed).content).toBe(content);
      const { parameters } = JSON.parse(content ?? '') as {
        parameters: Record<string, { score: number }>;
      };
      expect([2, 3, 4]).toContain(parameters['one']?.score);
      expect([4, 5]).toContain(parameters['two']?.score);
      seen.add(content ?? '');
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it('of a summary has its shape broken', () => {
    expect(parsed('break_schema', { kind: 'synthesis', body: { overall_summary: 's' } })).toEqual(
      {},
    );
  });
});
