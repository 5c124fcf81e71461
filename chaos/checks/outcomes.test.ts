import { describe, expect, it } from '@jest/globals';
import type { ResultResponse } from '@berkas/contracts';
import { altered, closedAs, COMPLETED, FAILED, kept, told, without } from './cooked.ts';
import { checkOutcomes } from './outcomes.ts';

const STRANGER = 'eval_00000000000000000000000f';

describe('the outcomes', () => {
  it('agree where each is closed once, however often that was said', () => {
    expect(checkOutcomes(told, kept)).toEqual([]);
  });

  it('do not where an accepted evaluation is not in the log', () => {
    const requested = without(kept.requested, FAILED);
    expect(checkOutcomes(told, { ...kept, requested })).toEqual([
      `${FAILED}: accepted, and not in the log`,
    ]);
  });

  it('do not where the log has an evaluation that nobody was told of', () => {
    const requested = new Set([...kept.requested, STRANGER]);
    expect(checkOutcomes(told, { ...kept, requested })).toEqual([
      `${STRANGER}: in the log, and nobody was told of it`,
    ]);
  });

  it('do not where one was never closed', () => {
    const closed = altered(kept.closed, COMPLETED, []);
    expect(checkOutcomes(told, { ...kept, closed })).toEqual([
      `${COMPLETED}: never closed in the log`,
    ]);
  });

  it('do not where one was closed in two ways', () => {
    const both = [closedAs.completed, { ...closedAs.failed, evaluationId: COMPLETED }];
    const closed = altered(kept.closed, COMPLETED, both);
    expect(checkOutcomes(told, { ...kept, closed })).toEqual([
      `${COMPLETED}: closed in 2 ways: completed, failed`,
    ]);
    const other = [closedAs.completed, { ...closedAs.completed, projectScore: 5 }];
    expect(
      checkOutcomes(told, { ...kept, closed: altered(kept.closed, COMPLETED, other) }),
    ).toHaveLength(1);
  });

  it('do not where two applications have one id', () => {
    const [first, second] = told.accepted;
    if (first === undefined || second === undefined) throw new Error('There are two.');
    const accepted = [first, second, { ...second, reference: 'Reference 000003' }];
    expect(checkOutcomes({ ...told, accepted }, kept)).toEqual([
      'two applications were accepted under one id',
    ]);
  });

  it('do not where a client saw it end and then otherwise, or not at all', () => {
    const failed = told.last.get(FAILED);
    if (failed === undefined) throw new Error('It is told.');
    const { job_title, requested_at, updated_at } = failed;
    const about = { id: COMPLETED, job_title, requested_at, updated_at };
    const queued: ResultResponse = {
      ...about,
      status: 'queued',
      stage: { name: 'reading', waiting_for: [], since: updated_at, held_up: [] },
    };
    const problemsOf = (last: typeof told.last) =>
      checkOutcomes({ ...told, last }, kept).map((problem) => problem.split(': ')[1]);
    expect(problemsOf(altered(told.last, COMPLETED, { ...failed, id: COMPLETED }))).toEqual([
      'told as completed first and otherwise (failed) in the end',
    ]);
    expect(problemsOf(altered(told.last, COMPLETED, queued))).toEqual(['still queued in the end']);
    expect(problemsOf(altered(told.last, COMPLETED, undefined))).toEqual([
      'no answer about it in the end',
    ]);
  });

  it('agree where only the time of the last change moved', () => {
    const failed = told.last.get(FAILED);
    if (failed === undefined) throw new Error('It is told.');
    const last = altered(told.last, FAILED, { ...failed, updated_at: '2027-01-01T00:00:00.000Z' });
    expect(checkOutcomes({ ...told, last }, kept)).toEqual([]);
  });
});
