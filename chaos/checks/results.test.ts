import { describe, expect, it } from '@jest/globals';
import type { EvaluationResult, ResultResponse } from '@berkas/contracts';
import { altered, closedAs, COMPLETED, FAILED, kept, references, result, told } from './cooked.ts';
import { checkResults } from './results.ts';

const answer = (id: string): ResultResponse => {
  const found = told.last.get(id);
  if (found === undefined) throw new Error('It is told.');
  return found;
};
/** The problems where the completed one is told, stored and said with these changes. */
function problemsWith(changes: Partial<EvaluationResult>): string[] {
  const changed = { ...result, ...changes };
  const { cv_match_rate: cvMatchRate, project_score: projectScore } = changed;
  return checkResults(
    {
      ...told,
      last: altered(told.last, COMPLETED, {
        ...answer(COMPLETED),
        ...{ status: 'completed', result: changed },
      }),
    },
    {
      closed: altered(kept.closed, COMPLETED, [
        { ...closedAs.completed, cvMatchRate, projectScore },
      ]),
      results: altered(kept.results, COMPLETED, changed),
    },
    references,
  );
}

describe('the results', () => {
  it('agree with the log, the store and the undisturbed run', () => {
    expect(checkResults(told, kept, references)).toEqual([]);
  });

  it('agree whatever the ids, hashes and references are', () => {
    expect(problemsWith({ receipt: { ...result.receipt, documents: [] } })).toEqual([]);
  });

  it('do not where a score is another than undisturbed', () => {
    expect(problemsWith({ project_score: 4.5 })).toEqual([
      `${COMPLETED} (Reference 000001): not the result that base 0 had undisturbed`,
    ]);
  });

  it('do not where a result speaks of another application, or of none', () => {
    const [problem] = problemsWith({ cv_feedback: 'Good (Reference 000002).' });
    expect(problem).toContain('speaks of Reference 000002');
    const problems = problemsWith({ overall_summary: 'Good.' });
    expect(problems[0]).toContain('speaks of no reference');
  });

  it('do not where the event has other totals than the result', () => {
    const event = { ...closedAs.completed, cvMatchRate: 0.2 };
    const closed = altered(kept.closed, COMPLETED, [event]);
    expect(checkResults(told, { ...kept, closed }, references)).toEqual([
      `${COMPLETED} (Reference 000001): the event does not say what the result does`,
    ]);
  });

  it('do not where another result is stored, or none', () => {
    const stored = { ...result, cv_feedback: 'Bad.' };
    for (const other of [stored, undefined]) {
      const results = altered(kept.results, COMPLETED, other);
      expect(checkResults(told, { ...kept, results }, references)).toEqual([
        `${COMPLETED} (Reference 000001): the stored result is not what is told`,
      ]);
    }
  });

  it('do not where one failed that should not have, or for another reason', () => {
    const failed = answer(FAILED);
    if (failed.status !== 'failed') throw new Error('It failed.');
    const wrong = altered(told.last, COMPLETED, { ...failed, id: COMPLETED });
    const [first] = checkResults({ ...told, last: wrong }, kept, references);
    expect(first).toContain('failed as pdf_corrupt, and should be completed');
    const error = { ...failed.error, code: 'internal_error' } as const;
    const other = altered(told.last, FAILED, { ...failed, error });
    const problems = checkResults({ ...told, last: other }, kept, references);
    expect(problems.join()).toContain(
      'failed as internal_error of cv, not as pdf_corrupt of the cv',
    );
    expect(problems.join()).toContain('the event does not say why it failed as the answer does');
    expect(problems.join()).toContain('the reason is not that of its code');
  });

  it('do not where one completed that should have failed', () => {
    const last = altered(told.last, FAILED, { ...answer(COMPLETED), id: FAILED });
    expect(checkResults({ ...told, last }, kept, references).join()).toContain(
      'completed, and should fail as pdf_corrupt',
    );
  });
});
