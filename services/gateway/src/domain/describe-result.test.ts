import { describe, expect, it } from '@jest/globals';
import type { DocumentView, EvaluationResult, EvaluationView } from '@berkas/contracts';
import { describeResult as describeAmong } from './describe-result.ts';
import type { KnownFacts } from './known-facts.ts';
import type { EvaluationRecord } from './records.ts';

const at = (second: number): string => `2025-01-15T09:30:${String(second).padStart(2, '0')}.000Z`;
const reference = { id: 'x', version: '1' };
const ID = `eval_${'1'.repeat(24)}`;
const accepted: EvaluationRecord = {
  id: ID,
  state: 'published',
  jobTitle: 'Backend',
  cvId: `doc_${'1'.repeat(24)}`,
  projectReportId: `doc_${'2'.repeat(24)}`,
  knowledge: { job: reference, brief: reference, cv_rubric: reference, project_rubric: reference },
  requestedAt: at(0),
};
const view = (facts: Partial<EvaluationView>): EvaluationView => ({
  id: `${ID}:live`,
  evaluationId: ID,
  run: 'live',
  ...facts,
});
const read = (kind: DocumentView['kind'], second: number): DocumentView => ({
  id: kind === 'cv' ? accepted.cvId : accepted.projectReportId,
  kind,
  ingested: { at: at(second), outcome: 'ingested' },
});
const describeResult = (facts: KnownFacts) =>
  describeAmong(facts, { states: [], now: new Date(at(1)) });
const nothing = { accepted, evaluation: undefined, cv: undefined, projectReport: undefined };

describe('describeResult', () => {
  it('waits for the document that is not read yet', () => {
    expect(describeResult({ ...nothing, cv: read('cv', 3) })).toMatchObject({
      status: 'queued',
      updated_at: at(3),
      stage: { name: 'reading', waiting_for: ['project_report'], since: at(0) },
    });
  });

  it('waits for nothing by name when both are read but not prepared', () => {
    const facts = { ...nothing, cv: read('cv', 3), projectReport: read('project_report', 4) };
    expect(describeResult(facts)).toMatchObject({ status: 'queued', stage: { waiting_for: [] } });
  });

  it.each([
    [{ prepared: { at: at(5) } }, ['cv_scores', 'project_scores'], 5],
    [{ prepared: { at: at(5) }, cvEvaluated: { at: at(6) } }, ['project_scores'], 5],
    [{ projectEvaluated: { at: at(7) } }, ['cv_scores'], 7],
  ])('is scored once prepared, whichever fact comes first: %j', (facts, waiting, since) => {
    expect(describeResult({ ...nothing, evaluation: view(facts) })).toMatchObject({
      status: 'processing',
      stage: { name: 'scoring', waiting_for: waiting, since: at(since) },
    });
  });

  it('is summarized once both parts are scored, since the later of them', () => {
    const evaluation = view({
      prepared: { at: at(5) },
      cvEvaluated: { at: at(9) },
      projectEvaluated: { at: at(7) },
    });
    expect(describeResult({ ...nothing, evaluation })).toMatchObject({
      status: 'processing',
      updated_at: at(9),
      stage: { name: 'summarizing', waiting_for: ['summary'], since: at(9) },
    });
  });

  it('is completed as soon as that is known, whatever else is', () => {
    const result = { cv_match_rate: 0.82 } as EvaluationResult;
    const evaluation = view({ closed: { at: at(12), outcome: 'completed', result } });
    expect(describeResult({ ...nothing, evaluation })).toEqual({
      id: ID,
      job_title: 'Backend',
      requested_at: at(0),
      updated_at: at(12),
      status: 'completed',
      result,
    });
  });

  it('goes again from the start once it is reopened, before the read model knows of it', () => {
    const failed = view({
      prepared: { at: at(5) },
      closed: {
        at: at(6),
        outcome: 'failed',
        failure: { code: 'model_unavailable', stage: 'scoring_cv' },
      },
    });
    expect(describeResult({ ...nothing, evaluation: failed })).toMatchObject({ status: 'failed' });
    const reopened = { ...accepted, round: 1, reopenedAt: at(20) };
    expect(describeResult({ ...nothing, accepted: reopened, evaluation: failed })).toMatchObject({
      status: 'queued',
      updated_at: at(20),
      stage: { name: 'reading', since: at(20) },
    });
  });

  it('stays completed when it was reopened in vain', () => {
    const result = { cv_match_rate: 0.82 } as EvaluationResult;
    const evaluation = view({ closed: { at: at(12), outcome: 'completed', result } });
    const reopened = { ...accepted, round: 1, reopenedAt: at(20) };
    expect(describeResult({ ...nothing, accepted: reopened, evaluation })).toMatchObject({
      status: 'completed',
    });
  });

  it('says what holds it up', () => {
    const services = { states: [], now: new Date(at(50)) };
    const result = describeAmong(
      { ...nothing, evaluation: view({ prepared: { at: at(5) } }) },
      services,
    );
    expect(result).toMatchObject({
      stage: {
        held_up: [
          { service: 'cv-evaluator', reason: 'service_away', since: at(5) },
          { service: 'project-evaluator', reason: 'service_away', since: at(5) },
          { service: 'status', reason: 'service_away', since: at(5) },
        ],
      },
    });
  });
});
