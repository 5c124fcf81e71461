import { describe, expect, it } from '@jest/globals';
import {
  createEvent,
  cvEvaluated,
  evaluationPrepared,
  projectEvaluated,
  roundOf,
  type EvaluationClosed,
  type EvaluationResult,
  type EventDefinition,
  type Failure,
} from '@berkas/contracts';
import type { EventHandler } from '@berkas/messaging';
import { BerkasError, systemClock } from '@berkas/service-kit';
import type { Collection } from '@berkas/storage';
import fc from 'fast-check';
import type { Fact, Join } from '../domain/join.ts';
import { createJoinHandler } from './close.ts';

const evaluationId = 'eval_0123456789abcdef01234567';
const reference = { id: 'any', version: 'v1' };
const documents = {
  cv: { id: 'doc_000000000000000000000001', sha256: 'a'.repeat(64) },
  projectReport: { id: 'doc_000000000000000000000002', sha256: 'b'.repeat(64) },
  knowledge: { job: reference, brief: reference, cv_rubric: reference, project_rubric: reference },
};
const result = { cv_match_rate: 0.8, project_score: 4 } as EvaluationResult;

/** What becomes of each stage in one round. */
type Round = {
  prepared: boolean;
  cv: boolean;
  project: boolean;
  summary: 'ok' | 'refused' | 'bug';
};

const stage = fc.constantFrom(true, true, false);
const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    prepared: stage,
    cv: stage,
    project: stage,
    summary: fc.constantFrom<Round['summary']>('ok', 'ok', 'refused', 'bug'),
  }),
  { minLength: 1, maxLength: 3 },
);
const isWell = ({ prepared, cv, project, summary }: Round): boolean =>
  prepared && cv && project && summary === 'ok';

/** One delivery of one event. After a crash what it led to is lost, and it is delivered again. */
type Delivery = { readonly round: number; readonly stage: Stage; readonly crashes: boolean };
type Stage = 'prepared' | 'cv' | 'project';

const eventsOf = (history: readonly Round[]): { round: number; stage: Stage }[] =>
  history.flatMap(({ prepared }, round) =>
    // Evaluators have nothing to say of what could not be prepared.
    (prepared ? (['prepared', 'cv', 'project'] as const) : (['prepared'] as const)).map((name) => ({
      round,
      stage: name,
    })),
  );

const deliveriesOf = (history: readonly Round[]): fc.Arbitrary<Delivery[]> => {
  const events = eventsOf(history);
  return fc
    .shuffledSubarray([...events, ...events], { minLength: events.length })
    .chain((order) =>
      fc
        .array(fc.boolean(), { minLength: order.length, maxLength: order.length })
        .map((crashes) => order.map((one, at) => ({ ...one, crashes: crashes[at] ?? false }))),
    );
};

/** The consumers on one store whose every step waits until the schedule lets it go on. */
function synthesizer(history: readonly Round[], schedule: fc.Scheduler) {
  const stored = new Map<string, Join>();
  const joins = {
    modify: async (id: string, change: (current: Join | undefined) => Join) => {
      await schedule.schedule(Promise.resolve(), 'modify');
      const next = change(stored.get(id));
      stored.set(id, next);
      return next;
    },
  } as Pick<Collection<Join>, 'modify'> as Collection<Join>;
  const synthesize = async (known: { round?: number }): Promise<EvaluationResult> => {
    await schedule.schedule(Promise.resolve(), 'summary');
    const { summary } = history[roundOf(known)] as Round;
    if (summary === 'ok') return result;
    throw summary === 'bug'
      ? new TypeError('a bug')
      : new BerkasError('declined', { code: 'model_refused', retryable: false });
  };
  const deps = { joins: () => Promise.resolve(joins), synthesize, clock: systemClock };

  const run = async <Data extends { evaluationId: string; run: string }>(
    event: EventDefinition<Data>,
    data: Data,
    fact: Fact,
  ): Promise<EvaluationClosed[]> => {
    const handler: EventHandler<Data> = createJoinHandler(deps, event, () => fact);
    const made = createEvent(event, data, { source: 'test', time: '2026-01-01T00:00:00.000Z' });
    const context = { signal: new AbortController().signal, attempt: 1 };
    const outputs = await handler
      .handle(made.event, context)
      .catch(async (error: unknown) => (await handler.onGiveUp?.(made.event, error)) ?? []);
    return outputs.map((output) => output.event.data as EvaluationClosed);
  };

  return ({ round, stage: name }: Pick<Delivery, 'round' | 'stage'>) => {
    const about = { evaluationId, run: 'live', ...(round === 0 ? {} : { round }) };
    const isOk = history[round]?.[name] === true;
    const failure: Failure = { code: 'internal_error', stage: 'scoring_cv', details: { round } };
    const failed = { ...about, outcome: 'failed', failure } as const;
    const fails: Fact = { type: 'failed', failure };
    if (name === 'prepared') {
      const evaluation = { ...about, outcome: 'prepared', ...documents } as const;
      return isOk
        ? run(evaluationPrepared, evaluation, { type: 'prepared', evaluation })
        : run(evaluationPrepared, failed, fails);
    }
    const scored = { ...about, outcome: 'scored', scores: { any: 4 }, weightedMean: 4 } as const;
    return run(
      name === 'cv' ? cvEvaluated : projectEvaluated,
      isOk ? scored : failed,
      isOk ? { type: 'scored', part: name } : fails,
    );
  };
}

describe('closing an evaluation, whatever the order, the repetitions and the crashes', () => {
  const closings = async (
    history: readonly Round[],
    deliveries: readonly Delivery[],
    schedule: fc.Scheduler,
  ): Promise<EvaluationClosed[]> => {
    const deliver = synthesizer(history, schedule);
    const said: EvaluationClosed[] = [];
    const all = deliveries.map(async (delivery) => {
      const outputs = await deliver(delivery);
      said.push(...(delivery.crashes ? await deliver(delivery) : outputs));
    });
    await schedule.waitFor(Promise.all(all));
    return said;
  };
  const scenario = rounds.chain((history) =>
    fc.record({ history: fc.constant(history), deliveries: deliveriesOf(history) }),
  );
  const everyEventIn = (history: readonly Round[], deliveries: readonly Delivery[]): boolean =>
    eventsOf(history).every(({ round, stage: name }) =>
      deliveries.some((one) => one.round === round && one.stage === name),
    );

  it('says one end a round, and once completed nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.scheduler(), async ({ history, deliveries }, schedule) => {
        const said = await closings(history, deliveries, schedule);
        const byRound = new Map<number, EvaluationClosed>();
        for (const closed of said) {
          const known = byRound.get(roundOf(closed));
          if (known !== undefined) expect(closed).toEqual(known);
          byRound.set(roundOf(closed), closed);
        }
        const outcomes = [...byRound].sort(([a], [b]) => a - b).map(([, { outcome }]) => outcome);
        expect(outcomes.join(' ')).toMatch(/^(failed ?)*(completed ?)*$/);
      }),
      { numRuns: 300 },
    );
  });

  it('closes the last round when all of its events have come, completed if all went well', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.scheduler(), async ({ history, deliveries }, schedule) => {
        fc.pre(everyEventIn(history, deliveries));
        const said = await closings(history, deliveries, schedule);
        const last = history.length - 1;
        const end = said.find((closed) => roundOf(closed) === last);
        expect(end).toBeDefined();
        if (isWell(history[last] as Round)) expect(end?.outcome).toBe('completed');
      }),
      { numRuns: 300 },
    );
  });
});
