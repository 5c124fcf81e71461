import { describe, expect, it } from '@jest/globals';
import { WORKERS, type EvaluationView, type ServiceState } from '@berkas/contracts';
import type { KnownFacts } from './known-facts.ts';
import type { DocumentRecord, EvaluationRecord } from './records.ts';
import {
  decideRedrive,
  eventsAgain,
  isTooYoung,
  judge,
  quietOf,
  type Quiet,
} from './stuck-work.ts';

const T0 = Date.parse('2025-01-15T09:30:00.000Z');
const ms = (second: number): number => T0 + second * 1000;
const at = (second: number): string => new Date(ms(second)).toISOString();
const reference = { id: 'x', version: '1' };
const evaluationId = `eval_${'1'.repeat(24)}`;
const accepted: EvaluationRecord = {
  id: evaluationId,
  state: 'published',
  jobTitle: 'Backend',
  cvId: `doc_${'1'.repeat(24)}`,
  projectReportId: `doc_${'2'.repeat(24)}`,
  knowledge: { job: reference, brief: reference, cv_rubric: reference, project_rubric: reference },
  requestedAt: at(0),
};
const view = (facts: Partial<EvaluationView>): EvaluationView => ({
  ...{ id: `${evaluationId}:live`, evaluationId, run: 'live' },
  ...facts,
});
const failed = {
  at: at(20),
  outcome: 'failed',
  failure: { code: 'internal_error', stage: 'reading' },
} as const;
const nothing: KnownFacts = {
  accepted,
  evaluation: undefined,
  cv: undefined,
  projectReport: undefined,
};

describe('the workers', () => {
  const NOW = 1000;
  const state = (service: string, said: Partial<ServiceState> = {}): ServiceState => ({
    ...{ id: `${service}/1`, service, startedAt: at(0), seenAt: at(NOW - 5) },
    ...{ away: [], retrying: [], backlog: 0, drainedAt: at(NOW - 5) },
    ...said,
  });
  const all = WORKERS.map((service) => state(service));
  const among = (...others: ServiceState[]) => quietOf([...all, ...others], ms(NOW));
  const instead = (one: ServiceState) =>
    quietOf([...all.filter(({ service }) => service !== one.service), one], ms(NOW));

  it('are done with what came before the last of them is done with, whoever of its instances', () => {
    expect(among()).toEqual({ doneBeforeMs: ms(NOW - 5), retried: new Set() });
    const slow = state('status', { id: 'status/2', drainedAt: at(NOW - 60) });
    expect(among(slow)).toMatchObject({ doneBeforeMs: ms(NOW - 60) });
  });

  it('say which evaluations they try again', () => {
    const retrying = [{ evaluationId, code: 'away', attempts: 1, since: at(NOW - 60) }];
    expect(among(state('ingest', { id: 'ingest/2', retrying }))).toMatchObject({
      retried: new Set([evaluationId]),
    });
  });

  it.each([
    ['is not there', state('synthesizer', { seenAt: at(NOW - 21) })],
    ['waits for a server', state('ingest', { away: [{ name: 'MinIO', since: at(990) }] })],
    ['has a backlog since it started', state('status', { backlog: 3, drainedAt: undefined })],
  ])('say nothing of it while one %s', (_what, one) => {
    expect(instead(one)).toBeUndefined();
  });

  it('are not asked about any other service, nor those that are gone', () => {
    const away = [{ name: 'MinIO', since: at(990) }];
    const gone = state('ingest', { id: 'ingest/2', away, seenAt: at(0) });
    expect(among(state('gateway', { away }), gone)).toBeDefined();
  });
});

describe('an open evaluation', () => {
  const judged = (facts: Partial<KnownFacts>, quiet: Partial<Quiet> = {}, now = 1000) =>
    judge(
      { ...nothing, ...facts },
      { doneBeforeMs: ms(now), retried: new Set(), ...quiet },
      { nowMs: ms(now), stuckAfterMs: 120_000 },
    );

  it('is stuck once the log has nothing left for it', () => {
    expect(judged({})).toBe('stuck');
    expect(judged({ evaluation: view({ prepared: { at: at(500) } }) })).toBe('stuck');
  });

  it('is moving for as long as one could wait for any step', () => {
    expect(judged({}, {}, 120)).toBe('moving');
    expect(judged({}, {}, 121)).toBe('stuck');
    expect(judged({ evaluation: view({ prepared: { at: at(900) } }) })).toBe('moving');
    const cv = { id: accepted.cvId, kind: 'cv', ingested: { at: at(900), outcome: 'ingested' } };
    expect(judged({ cv: cv as NonNullable<KnownFacts['cv']> })).toBe('moving');
    expect(judged({ accepted: { ...accepted, round: 1, reopenedAt: at(900) } })).toBe('moving');
  });

  it('is moving while something from then is not done with', () => {
    expect(judged({}, { doneBeforeMs: ms(30) })).toBe('moving');
    expect(judged({}, { doneBeforeMs: ms(31) })).toBe('stuck');
    expect(judged({}, { retried: new Set([evaluationId]) })).toBe('moving');
  });

  it('is closed by the end of its own round, and by no earlier one', () => {
    const evaluation = view({ closed: failed });
    expect(judged({ evaluation })).toBe('closed');
    const reopened = { ...accepted, round: 1, reopenedAt: at(30) };
    expect(judged({ evaluation, accepted: reopened })).toBe('stuck');
    expect(judged({ evaluation: view({ round: 1, closed: failed }), accepted: reopened })).toBe(
      'closed',
    );
  });

  it('is too young by its record alone without a look at what became of it', () => {
    const quiet = { doneBeforeMs: ms(1000), retried: new Set<string>() };
    const times = { nowMs: ms(1000), stuckAfterMs: 120_000 };
    expect(isTooYoung({ ...accepted, requestedAt: at(880) }, quiet, times)).toBe(true);
    expect(isTooYoung({ ...accepted, requestedAt: at(879) }, quiet, times)).toBe(false);
    expect(isTooYoung({ ...accepted, reopenedAt: at(880) }, quiet, times)).toBe(true);
  });
});

describe('one that was found stuck', () => {
  const decide = (
    before: Parameters<typeof decideRedrive>[0],
    second: number,
    doneBefore = second,
    progressAt = at(0),
  ) =>
    decideRedrive(before, {
      ...{ progressAt, nowMs: ms(second), stuckAfterMs: 120_000 },
      quiet: { doneBeforeMs: ms(doneBefore), retried: new Set() },
    });

  it('is driven again when it is found so twice, and all from the first time is done with', () => {
    const first = decide(undefined, 200);
    expect(first.redrive).toBe(false);
    expect(decide(first.suspicion, 230, 200).redrive).toBe(false);
    expect(decide(first.suspicion, 230, 201).redrive).toBe(true);
  });

  it('is driven again after 2, 4, 8 minutes and so on up to an hour', () => {
    let { suspicion } = decide(undefined, 0);
    const times: number[] = [];
    for (let second = 1; second < 20_000; second += 1) {
      const decided = decide(suspicion, second);
      if (decided.redrive) times.push(second);
      suspicion = decided.suspicion;
    }
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(pauses).toEqual([121, 241, 481, 961, 1921, 3601, 3601, 3601, 3601]);
  });

  it('begins anew once it got on', () => {
    const { suspicion } = decide(decide(undefined, 200).suspicion, 230);
    expect(suspicion.redriven).toBe(1);
    expect(decide(suspicion, 1000, 1000, at(300))).toEqual({
      redrive: false,
      suspicion: { progressAt: at(300), redriven: 0, untilMs: ms(1000) },
    });
  });
});

describe('what is published again', () => {
  const document = (id: string): DocumentRecord => ({
    ...{ id, kind: 'cv', filename: 'a.pdf', bytes: 1, sha256: 'a'.repeat(64), uploadedAt: at(0) },
  });
  const documents = [document(accepted.cvId), document(accepted.projectReportId)];
  const ids = (facts: Partial<KnownFacts>) =>
    eventsAgain({ ...nothing, ...facts }, documents).map(({ event }) => event.id);

  it('is the request, after the documents of which nothing was heard, by the same ids', () => {
    expect(ids({})).toEqual([
      `document-uploaded.v1:${accepted.cvId}`,
      `document-uploaded.v1:${accepted.projectReportId}`,
      `evaluation-requested.v1:${evaluationId}`,
    ]);
    const ingested = { at: at(5), outcome: 'rejected' } as const;
    const cv = { id: accepted.cvId, kind: 'cv', ingested } as const;
    expect(ids({ cv })).toEqual([
      `document-uploaded.v1:${accepted.projectReportId}`,
      `evaluation-requested.v1:${evaluationId}`,
    ]);
  });

  it('is of the latest round that anyone knows of', () => {
    const [request] = ids({ accepted: { ...accepted, round: 1 } }).slice(-1);
    expect(request).toBe(`evaluation-requested.v1:${evaluationId}:1`);
    const [later] = ids({ evaluation: view({ round: 2 }) }).slice(-1);
    expect(later).toBe(`evaluation-requested.v1:${evaluationId}:2`);
  });
});
