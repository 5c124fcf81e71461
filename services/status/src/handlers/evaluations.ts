import {
  blobKeys,
  evaluationClosed,
  EvaluationResult,
  readModelCollections,
  viewId,
  type EvaluationClosed,
  type EvaluationView,
  type EventDefinition,
} from '@berkas/contracts';
import type { EventHandler } from '@berkas/messaging';
import type { BlobStore, DocumentStore } from '@berkas/storage';
import { projectEvaluation, type EvaluationFact } from '../domain/project.ts';

type About = { readonly evaluationId: string; readonly run: string };

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
      const views = await documents.collection<EvaluationView>(readModelCollections.evaluations);
      const about = aboutOf(data);
      const fact = await factOf(data);
      await views.modify(viewId(about.evaluationId, about.run), (view) =>
        projectEvaluation(view, about, fact, time),
      );
      return [];
    },
  };
}

/** The event has the outcome, the blob store the words. */
export const evaluationClosedHandler = (
  documents: DocumentStore,
  blobs: BlobStore,
): EventHandler<EvaluationClosed> =>
  evaluationHandler(
    documents,
    evaluationClosed,
    (data) => data,
    async (data) => {
      if (data.outcome === 'failed') {
        return { name: 'closed', outcome: 'failed', failure: data.failure };
      }
      const content = await blobs.get(blobKeys.result(data.evaluationId, data.run));
      const result = EvaluationResult.parse(JSON.parse(Buffer.from(content).toString('utf8')));
      return { name: 'closed', outcome: 'completed', result };
    },
  );
