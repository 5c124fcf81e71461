import {
  blobKeys,
  evaluationClosed,
  EvaluationResult,
  readModelCollections,
  viewId,
  type EvaluationClosed,
  type EvaluationView,
  type EventDefinition,
  type Failure,
} from '@berkas/contracts';
import type { EventHandler } from '@berkas/messaging';
import { readJson, type BlobStore, type DocumentStore } from '@berkas/storage';
import { projectEvaluation, type About, type EvaluationFact } from '../domain/project.ts';

async function project(
  documents: DocumentStore,
  about: About,
  fact: EvaluationFact,
  at: string,
): Promise<void> {
  const views = await documents.collection<EvaluationView>(readModelCollections.evaluations);
  await views.modify(viewId(about.evaluationId, about.run), (view) =>
    projectEvaluation(view, about, fact, at),
  );
}

/** Adds what one event says to the view of its evaluation. */
export function evaluationHandler<Data>(
  documents: DocumentStore,
  event: EventDefinition<Data>,
  aboutOf: (data: Data) => About,
  factOf: (data: Data) => EvaluationFact | Promise<EvaluationFact>,
): EventHandler<Data> {
  return {
    event,
    handle: async ({ data, time }) => {
      await project(documents, aboutOf(data), await factOf(data), time);
      return [];
    },
  };
}

/** When a result that was stored cannot be read again. */
const UNREADABLE: Failure = { code: 'internal_error', stage: 'summarizing' };

/**
 * The event has the outcome, the blob store the words. Where those are lost, people are told so: an
 * evaluation that stayed `processing` for them would never end.
 */
export const evaluationClosedHandler = (
  documents: DocumentStore,
  blobs: BlobStore,
): EventHandler<EvaluationClosed> => ({
  ...evaluationHandler(
    documents,
    evaluationClosed,
    (data) => data,
    async (data) => {
      if (data.outcome === 'failed') {
        return { name: 'closed', outcome: 'failed', failure: data.failure };
      }
      const key = blobKeys.result(data.evaluationId, data.run);
      const result = await readJson(blobs, key, EvaluationResult);
      return { name: 'closed', outcome: 'completed', result };
    },
  ),
  onGiveUp: async ({ data, time }) => {
    const failure = data.outcome === 'failed' ? data.failure : UNREADABLE;
    await project(documents, data, { name: 'closed', outcome: 'failed', failure }, time);
    return [];
  },
});
