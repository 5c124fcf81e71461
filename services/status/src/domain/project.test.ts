import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EvaluationView, Failure } from '@berkas/contracts';
import {
  projectEvaluation,
  projectIngested,
  projectUploaded,
  type EvaluationFact,
} from './project.ts';

const evaluationId = 'eval_0123456789abcdef01234567';
const about = { evaluationId, run: 'live' };
const cvId = 'doc_000000000000000000000001';
const projectReportId = 'doc_000000000000000000000002';
const reference = { id: 'any', version: '1' };
const failure: Failure = { code: 'pdf_corrupt', stage: 'reading', document_kind: 'cv' };
const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;

const knowledge = {
  job: reference,
  brief: reference,
  cv_rubric: reference,
  project_rubric: reference,
};
const requested: EvaluationFact = {
  name: 'requested',
  data: { evaluationId, cvId, projectReportId, knowledge },
};
const facts: (readonly [EvaluationFact, string])[] = [
  [requested, at(1)],
  [{ name: 'prepared' }, at(2)],
  [{ name: 'cvEvaluated' }, at(3)],
  [{ name: 'projectEvaluated' }, at(4)],
  [{ name: 'closed', outcome: 'failed', failure }, at(5)],
];

const project = (order: typeof facts) =>
  order.reduce<EvaluationView | undefined>(
    (view, [fact, time]) => projectEvaluation(view, about, fact, time),
    undefined,
  );

const whole: EvaluationView = {
  id: `${evaluationId}:live`,
  evaluationId,
  run: 'live',
  requested: { at: at(1), cvId, projectReportId },
  prepared: { at: at(2) },
  cvEvaluated: { at: at(3) },
  projectEvaluated: { at: at(4) },
  closed: { at: at(5), outcome: 'failed', failure },
};

describe('projecting the events of an evaluation', () => {
  it('adds each fact once, with the time of its event', () => {
    expect(project(facts)).toEqual(whole);
  });

  it('comes to the same view in every order, with every repetition', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }),
        (order) => expect(project(order)).toEqual(whole),
      ),
    );
  });

  it('keeps the first closing', () => {
    const other: Failure = { code: 'model_refused', stage: 'summarizing' };
    const view = project([
      [{ name: 'closed', outcome: 'failed', failure }, at(5)],
      [{ name: 'closed', outcome: 'failed', failure: other }, at(6)],
    ]);
    expect(view?.closed).toEqual({ at: at(5), outcome: 'failed', failure });
  });

  it('answers the same object for a fact it has, so that nothing is written', () => {
    for (const [fact] of facts) expect(projectEvaluation(whole, about, fact, at(9))).toBe(whole);
  });
});

describe('projecting the events of a document', () => {
  const uploaded = { documentId: cvId, kind: 'cv', bytes: 1, sha256: 'a'.repeat(64) } as const;
  const ingested = {
    documentId: cvId,
    kind: 'cv',
    outcome: 'rejected',
    code: 'pdf_corrupt',
  } as const;

  it('comes to the same view in either order', () => {
    const view = {
      id: cvId,
      kind: 'cv',
      uploaded: { at: at(1) },
      ingested: { at: at(2), outcome: 'rejected' },
    };
    expect(projectIngested(projectUploaded(undefined, uploaded, at(1)), ingested, at(2))).toEqual(
      view,
    );
    expect(projectUploaded(projectIngested(undefined, ingested, at(2)), uploaded, at(1))).toEqual(
      view,
    );
  });
});
