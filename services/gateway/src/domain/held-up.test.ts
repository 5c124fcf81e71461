import { describe, expect, it } from '@jest/globals';
import type { ServiceState, StageProgress } from '@berkas/contracts';
import { heldUp } from './held-up.ts';
import type { EvaluationRecord } from './records.ts';

const T0 = Date.parse('2025-01-15T09:30:00.000Z');
const at = (second: number): string => new Date(T0 + second * 1000).toISOString();
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
const reading = { name: 'reading', waiting_for: ['cv'], since: at(0) } as const;
const scoring = { name: 'scoring', waiting_for: ['cv_scores'], since: at(10) } as const;
const NOW = 100;

const state = (service: string, said: Partial<ServiceState> = {}): ServiceState => ({
  ...{ id: `${service}/1`, service, startedAt: at(0), seenAt: at(NOW - 5) },
  ...{ away: [], retrying: [], backlog: 0 },
  ...said,
});
const look = (
  stage: Pick<StageProgress, 'name'> & { waiting_for: readonly string[]; since: string },
  states: readonly ServiceState[],
  record = accepted,
) =>
  heldUp(record, stage as Omit<StageProgress, 'held_up'>, {
    states,
    now: new Date(T0 + NOW * 1000),
  });
const model = { name: 'language model', since: at(40) };
const minio = { name: 'MinIO', since: at(30) };
const retrying = { evaluationId, code: 'model_timeout', attempts: 2, since: at(50) };

describe('what holds an evaluation up', () => {
  it('is nothing while those whose turn it is work, whatever the others say', () => {
    const states = [
      state('cv-evaluator'),
      state('status'),
      state('project-evaluator', { away: [model] }),
      state('synthesizer', { seenAt: at(0) }),
    ];
    expect(look(scoring, states)).toEqual([]);
  });

  it.each([
    [reading, ['ingest', 'status']],
    [scoring, ['cv-evaluator', 'status']],
    [{ ...scoring, waiting_for: ['project_scores'] }, ['project-evaluator', 'status']],
    [
      { ...scoring, waiting_for: ['cv_scores', 'project_scores'] },
      ['cv-evaluator', 'project-evaluator', 'status'],
    ],
    [
      { name: 'summarizing', waiting_for: ['summary'], since: at(0) } as const,
      ['synthesizer', 'status'],
    ],
  ])('is asked of those whose turn it is: %j', (stage, services) => {
    expect(look(stage, []).map(({ service }) => service)).toEqual(services);
  });

  it('is a dependency that no instance can reach, since the first of them lost it', () => {
    const states = [
      state('cv-evaluator', { away: [model] }),
      state('cv-evaluator', { id: 'cv-evaluator/2', away: [minio, model] }),
      state('status'),
    ];
    expect(look(scoring, states)).toEqual([
      {
        service: 'cv-evaluator',
        reason: 'dependency_away',
        since: at(30),
        detail: 'The language model and MinIO do not answer.',
      },
    ]);
    const [one] = look(scoring, [state('cv-evaluator', { away: [model] }), state('status')]);
    expect(one?.detail).toBe('The language model does not answer.');
  });

  it('is no dependency that one of two instances reaches', () => {
    const states = [
      state('cv-evaluator', { away: [model] }),
      state('cv-evaluator', { id: 'cv-evaluator/2' }),
      state('status'),
    ];
    expect(look(scoring, states)).toEqual([]);
  });

  it('is a service that was not heard of lately, since it was seen last', () => {
    const states = [
      state('ingest', { seenAt: at(70) }),
      state('ingest', { id: 'ingest/2', seenAt: at(79), away: [model] }),
      state('status'),
    ];
    expect(look(reading, states)).toEqual([
      {
        service: 'ingest',
        reason: 'service_away',
        since: at(79),
        detail: 'No service that reads documents is running.',
      },
    ]);
    expect(look(reading, [...states, state('ingest', { id: 'ingest/3' })])).toEqual([]);
  });

  it('is no service that was never seen until it has had its time to start', () => {
    expect(look({ ...reading, since: at(80) }, [])).toEqual([]);
    expect(look({ ...reading, since: at(79) }, [])).toMatchObject([
      { service: 'ingest', reason: 'service_away', since: at(79) },
      { service: 'status', reason: 'service_away', since: at(79) },
    ]);
  });

  it('is a step that failed and is tried again, of this evaluation alone', () => {
    const other = { ...retrying, evaluationId: `eval_${'2'.repeat(24)}`, since: at(20) };
    const states = [state('cv-evaluator', { retrying: [other, retrying] }), state('status')];
    expect(look(scoring, states)).toEqual([
      {
        service: 'cv-evaluator',
        reason: 'trying_again',
        since: at(50),
        detail: 'Scoring the CV has not succeeded yet (model_timeout) and is tried again.',
      },
    ]);
    expect(look(scoring, [state('cv-evaluator', { retrying: [other] }), state('status')])).toEqual(
      [],
    );
  });

  it('is the dependency rather than the step that it made fail', () => {
    const states = [state('cv-evaluator', { away: [model], retrying: [retrying] })];
    expect(look(scoring, states)[0]).toMatchObject({ reason: 'dependency_away' });
  });

  it('is the event log while the request cannot be published', () => {
    const waiting = { ...accepted, state: 'accepted' } as const;
    expect(look(reading, [], waiting)).toEqual([
      {
        service: 'gateway',
        reason: 'dependency_away',
        since: at(0),
        detail: 'The event log has not taken the request yet.',
      },
    ]);
    expect(look(reading, [], { ...waiting, round: 1, reopenedAt: at(NOW - 10) })).toEqual([]);
  });
});
