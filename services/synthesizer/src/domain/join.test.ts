import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Failure, PreparedEvaluation } from '@berkas/contracts';
import { decideNext, join, type Fact, type Join } from './join.ts';

const about = { evaluationId: 'eval_0123456789abcdef01234567', run: 'live' };
const reference = { id: 'any', version: '1' };
const evaluation: PreparedEvaluation = {
  ...about,
  outcome: 'prepared',
  cv: { id: 'doc_000000000000000000000001', sha256: 'a'.repeat(64) },
  projectReport: { id: 'doc_000000000000000000000002', sha256: 'b'.repeat(64) },
  knowledge: { job: reference, brief: reference, cv_rubric: reference, project_rubric: reference },
};
const failure: Failure = { code: 'model_unavailable', stage: 'scoring_cv' };

const prepared: Fact = { type: 'prepared', evaluation };
const cv: Fact = { type: 'scored', part: 'cv' };
const project: Fact = { type: 'scored', part: 'project' };
const failed: Fact = { type: 'failed', failure };

const joinAll = (facts: readonly Fact[]): Join | undefined =>
  facts.reduce<Join | undefined>((known, fact) => join(known, about, fact), undefined);
const next = (...facts: Fact[]) => {
  const known = joinAll(facts);
  return known === undefined ? undefined : decideNext(known).do;
};

describe('joining the two halves of an evaluation', () => {
  it('waits until it is prepared and both parts are scored', () => {
    expect(next(prepared)).toBe('wait');
    expect(next(prepared, cv)).toBe('wait');
    expect(next(cv, project)).toBe('wait');
    expect(next(prepared, cv, project)).toBe('synthesize');
  });

  it('does not take the same part twice for both parts', () => {
    expect(next(prepared, cv, cv, cv)).toBe('wait');
  });

  it('fails at once when a part fails, without waiting for the other', () => {
    expect(next(prepared, failed)).toBe('fail');
    expect(next(failed)).toBe('fail');
  });

  it('keeps the first failure', () => {
    const second: Fact = {
      type: 'failed',
      failure: { code: 'model_refused', stage: 'scoring_project' },
    };
    const known = joinAll([failed, second]);
    expect(known?.failure).toEqual(failure);
  });

  it('answers the same object for a fact it has, so that nothing is written', () => {
    const known = joinAll([prepared, cv, failed]);
    for (const fact of [prepared, cv, failed]) expect(join(known, about, fact)).toBe(known);
  });

  it('comes to the same end in every order, with every repetition', () => {
    const facts = [prepared, cv, project];
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...facts, ...facts, ...facts], { minLength: 9, maxLength: 9 }),
        (order) => {
          expect(joinAll(order)).toEqual(joinAll(facts));
          expect(next(...order)).toBe('synthesize');
        },
      ),
    );
  });
});
