import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EvaluationResult, EvaluationView, Failure } from '@berkas/contracts';
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

describe('projecting the rounds of an evaluation', () => {
  const result = { overall_summary: 'So.' } as EvaluationResult;
  const completed: EvaluationFact = { name: 'closed', outcome: 'completed', result };
  type Told = { readonly round: number; readonly fact: EvaluationFact };
  /** Whatever ended as failed was reopened; the last round ends as it may, or not yet. */
  const history: fc.Arbitrary<Told[]> = fc
    .record({ reopened: fc.nat({ max: 2 }), end: fc.constantFrom('completed', 'failed', 'open') })
    .map(({ reopened, end }) =>
      Array.from({ length: reopened + 1 }, (_, round): Told[] => {
        const begun = facts.slice(0, -1).map(([fact]) => ({ round, fact }));
        const closed: EvaluationFact =
          round === reopened && end === 'completed'
            ? completed
            : { name: 'closed', outcome: 'failed', failure: { ...failure, details: { round } } };
        return round === reopened && end === 'open' ? begun : [...begun, { round, fact: closed }];
      }).flat(),
    );
  const projectTold = (told: readonly Told[]) =>
    told.reduce<EvaluationView | undefined>(
      (view, { round, fact }) => projectEvaluation(view, { ...about, round }, fact, at(1)),
      undefined,
    );

  it('come to the same view in every order, with every repetition', () => {
    const scenario = history.chain((told) =>
      fc.record({
        told: fc.constant(told),
        order: fc.shuffledSubarray([...told, ...told], { minLength: told.length * 2 }),
      }),
    );
    fc.assert(
      fc.property(scenario, ({ told, order }) =>
        expect(visible(projectTold(order))).toEqual(visible(projectTold(told))),
      ),
    );
  });

  it('put a failure away, and never what was completed', () => {
    const failed: EvaluationFact = { name: 'closed', outcome: 'failed', failure };
    const again = projectTold([
      { round: 0, fact: requested },
      { round: 0, fact: failed },
      { round: 1, fact: requested },
    ]);
    expect(again).toEqual({
      id: `${evaluationId}:live`,
      evaluationId,
      run: 'live',
      round: 1,
      reopened: { at: at(1) },
      requested: { at: at(1), cvId, projectReportId },
    });
    const done = projectTold([
      { round: 0, fact: completed },
      { round: 1, fact: requested },
      { round: 1, fact: failed },
    ]);
    expect(done?.closed).toEqual({ at: at(1), outcome: 'completed', result });
  });

  /** What is left out may differ: once it is completed, nobody looks at the stages any more. */
  const visible = (view: EvaluationView | undefined) =>
    view?.closed?.outcome === 'completed' ? view.closed : view;
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

  it('keeps what was read, however often it was given up', () => {
    const read = {
      documentId: cvId,
      kind: 'cv',
      outcome: 'ingested',
      pages: 1,
      characters: 1,
      passages: 1,
    } as const;
    const afterwards = projectIngested(projectIngested(undefined, ingested, at(1)), read, at(2));
    expect(afterwards.ingested).toEqual({ at: at(2), outcome: 'ingested' });
    expect(projectIngested(afterwards, ingested, at(3))).toBe(afterwards);
  });
});
