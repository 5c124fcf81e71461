import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  blobKeys,
  createEvent,
  evaluationClosed,
  readModelCollections,
  viewId,
  type EvaluationClosed,
  type EvaluationView,
} from '@berkas/contracts';
import { createTemporaryStorage, type TemporaryStorage } from '@berkas/storage/testing';
import { evaluationClosedHandler } from './evaluations.ts';

const about = { evaluationId: 'eval_0123456789abcdef01234567', run: 'live' };
const completed: EvaluationClosed = {
  ...about,
  outcome: 'completed',
  cvMatchRate: 0.8,
  projectScore: 4,
};
const at = '2026-01-01T00:00:00.000Z';

let storage: TemporaryStorage;
beforeEach(async () => {
  storage = await createTemporaryStorage();
});
afterEach(() => storage.dispose());

const handler = () => evaluationClosedHandler(storage.documents, storage.blobs);
const event = (data: EvaluationClosed) =>
  createEvent(evaluationClosed, data, { source: 'test', time: at }).event;
const handle = (data: EvaluationClosed) =>
  handler().handle(event(data), { signal: new AbortController().signal, attempt: 1 });

async function closedView(): Promise<EvaluationView['closed']> {
  const views = await storage.documents.collection<EvaluationView>(
    readModelCollections.evaluations,
  );
  return (await views.get(viewId(about.evaluationId, about.run)))?.closed;
}

describe('an evaluation that was closed', () => {
  it('as failed shows why', async () => {
    const failure = { code: 'model_refused', stage: 'scoring_cv' } as const;
    await handle({ ...about, outcome: 'failed', failure });
    expect(await closedView()).toEqual({ at, outcome: 'failed', failure });
  });

  it.each([
    ['is not there', undefined],
    ['cannot be read', '{"cv_match_rate": '],
  ])('shows an end also when its result %s', async (_case, content) => {
    if (content !== undefined) {
      await storage.blobs.put(blobKeys.result(about.evaluationId, about.run), Buffer.from(content));
    }
    const error = await handle(completed).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeDefined();
    await handler().onGiveUp?.(event(completed), error);
    expect(await closedView()).toEqual({
      at,
      outcome: 'failed',
      failure: { code: 'internal_error', stage: 'summarizing' },
    });
  });
});
