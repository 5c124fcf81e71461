import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  cvEvaluated,
  createEvent,
  evaluationPrepared,
  projectEvaluated,
  type EvaluationClosed,
  type EvaluationPart,
  type EvaluationResult,
  type EventDefinition,
  type PreparedEvaluation,
} from '@berkas/contracts';
import { BerkasError, systemClock } from '@berkas/service-kit';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import type { Fact, Join } from '../domain/join.ts';
import { createJoinHandler, type CloseDeps } from './close.ts';

const about = { evaluationId: 'eval_0123456789abcdef01234567', run: 'live' };
const reference = { id: 'any', version: 'v1' };
const prepared: PreparedEvaluation = {
  ...about,
  outcome: 'prepared',
  cv: { id: 'doc_000000000000000000000001', sha256: 'a'.repeat(64) },
  projectReport: { id: 'doc_000000000000000000000002', sha256: 'b'.repeat(64) },
  knowledge: { job: reference, brief: reference, cv_rubric: reference, project_rubric: reference },
};
const totals = { cvMatchRate: 0.8, projectScore: 4 };
/** Of a result, the handler looks at the totals alone. */
const result = { cv_match_rate: 0.8, project_score: 4 } as EvaluationResult;
const refusal = new BerkasError('declined', { code: 'model_refused', retryable: false });
const away = new BerkasError('away', { code: 'model_unavailable', retryable: true });

let storage: TemporaryStorage;
beforeEach(async () => {
  storage = await createTemporaryStorage();
});
afterEach(() => storage.dispose());

/** The three consumers of the synthesizer on one store; `synthesize` is what the model would do. */
function handlers(synthesize: CloseDeps['synthesize']) {
  const deps: CloseDeps = {
    joins: () => storage.documents.collection<Join>({ name: 'joins', indexes: [] }),
    synthesize,
    clock: systemClock,
  };
  const of = <Data extends typeof about>(
    definition: EventDefinition<Data>,
    data: Data,
    fact: Fact,
  ) => {
    const handler = createJoinHandler(deps, definition, () => fact);
    const { event } = createEvent(definition, data, {
      source: 'test',
      time: '2026-01-01T00:00:00.000Z',
    });
    const signal = new AbortController().signal;
    return {
      handle: async () => closings(await handler.handle(event, { signal, attempt: 1 })),
      giveUp: async (error: unknown) => closings((await handler.onGiveUp?.(event, error)) ?? []),
    };
  };
  const scored = (part: EvaluationPart) =>
    of(
      part === 'cv' ? cvEvaluated : projectEvaluated,
      { ...about, outcome: 'scored', scores: { any: 4 }, weightedMean: 4 },
      { type: 'scored', part },
    );
  return {
    prepared: of(evaluationPrepared, prepared, { type: 'prepared', evaluation: prepared }),
    cv: scored('cv'),
    project: scored('project'),
    failed: of(
      evaluationPrepared,
      { ...about, outcome: 'failed', failure: { code: 'pdf_corrupt', stage: 'reading' } },
      { type: 'failed', failure: { code: 'pdf_corrupt', stage: 'reading' } },
    ),
  };
}

const closings = (events: readonly { event: { data: unknown } }[]): EvaluationClosed[] =>
  events.map(({ event }) => event.data as EvaluationClosed);

describe('closing an evaluation', () => {
  it('waits for all three facts and closes with the totals', async () => {
    const on = handlers(() => Promise.resolve(result));
    expect(await on.cv.handle()).toEqual([]);
    expect(await on.project.handle()).toEqual([]);
    expect(await on.prepared.handle()).toEqual([{ ...about, outcome: 'completed', ...totals }]);
  });

  it('closes as failed with the reason as soon as a stage says so', async () => {
    const on = handlers(() => Promise.reject(new Error('must not be asked')));
    expect(await on.failed.handle()).toMatchObject([
      { outcome: 'failed', failure: { code: 'pdf_corrupt', stage: 'reading' } },
    ]);
    expect(await on.cv.handle()).toMatchObject([{ failure: { code: 'pdf_corrupt' } }]);
  });

  it('closes as failed when the model has said its last word', async () => {
    const on = handlers(() => Promise.reject(refusal));
    await on.prepared.handle();
    await on.cv.handle();
    expect(await on.project.handle()).toMatchObject([
      { outcome: 'failed', failure: { code: 'model_refused', stage: 'summarizing' } },
    ]);
  });

  it('leaves what may pass to the runtime, and closes as failed when it gives up', async () => {
    const on = handlers(() => Promise.reject(away));
    await on.prepared.handle();
    await on.cv.handle();
    await expect(on.project.handle()).rejects.toBe(away);
    expect(await on.project.giveUp(away)).toMatchObject([
      { outcome: 'failed', failure: { code: 'model_unavailable', stage: 'summarizing' } },
    ]);
  });

  it('has an end also when it is given up before it was known to be prepared', async () => {
    const on = handlers(() => Promise.resolve(result));
    expect(await on.cv.giveUp(new TypeError('a bug'))).toMatchObject([
      { outcome: 'failed', failure: { code: 'internal_error' } },
    ]);
    await on.project.handle();
    expect(await on.prepared.handle()).toMatchObject([{ outcome: 'failed' }]);
  });

  it('comes to the same end again without asking the model again', async () => {
    let asked = 0;
    const on = handlers(() => {
      asked += 1;
      return Promise.resolve(result);
    });
    await on.prepared.handle();
    await on.cv.handle();
    const closed = await on.project.handle();
    expect(await on.project.handle()).toEqual(closed);
    expect(await on.cv.handle()).toEqual(closed);
    expect(asked).toBe(1);
  });
});

describe('two events of one evaluation at the same time', () => {
  it('do not complete what the other has failed meanwhile', async () => {
    let finish: (value: EvaluationResult) => void = () => undefined;
    const on = handlers(() => new Promise((resolve) => (finish = resolve)));
    await on.prepared.handle();
    await on.cv.handle();
    const completing = on.project.handle();
    // Redelivered after a crash, and given up while the other still waits for the model.
    const failed = await on.cv.giveUp(away);
    finish(result);
    expect(await completing).toEqual(failed);
  });

  it('do not fail what the other has completed meanwhile', async () => {
    const on = handlers(() => Promise.resolve(result));
    await on.prepared.handle();
    await on.cv.handle();
    const completed = await on.project.handle();
    expect(await on.cv.giveUp(away)).toEqual(completed);
    expect(await on.failed.handle()).toEqual(completed);
  });
});
