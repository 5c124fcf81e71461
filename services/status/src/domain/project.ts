import {
  LIVE_RUN,
  viewId,
  type DocumentIngested,
  type DocumentUploaded,
  type DocumentView,
  type EvaluationRequested,
  type EvaluationResult,
  type EvaluationView,
  type Failure,
} from '@berkas/contracts';

type About = { readonly evaluationId: string; readonly run: string };

/** What one event adds to a view. A fact that is already there stays as it is. */
export type EvaluationFact =
  | { readonly name: 'requested'; readonly data: EvaluationRequested }
  | { readonly name: 'prepared' | 'cvEvaluated' | 'projectEvaluated' }
  | { readonly name: 'closed'; readonly outcome: 'completed'; readonly result: EvaluationResult }
  | { readonly name: 'closed'; readonly outcome: 'failed'; readonly failure: Failure };

/** A request is always one for the live run. */
export const requestAbout = ({ evaluationId }: EvaluationRequested): About => ({
  evaluationId,
  run: LIVE_RUN,
});

/** `at` is the time of the event. Answers the same object when the event says nothing new. */
export function projectEvaluation(
  current: EvaluationView | undefined,
  { evaluationId, run }: About,
  fact: EvaluationFact,
  at: string,
): EvaluationView {
  const view = current ?? { id: viewId(evaluationId, run), evaluationId, run };
  if (view[fact.name] !== undefined) return view;
  switch (fact.name) {
    case 'requested': {
      const { cvId, projectReportId } = fact.data;
      return { ...view, requested: { at, cvId, projectReportId } };
    }
    case 'closed':
      return fact.outcome === 'completed'
        ? { ...view, closed: { at, outcome: 'completed', result: fact.result } }
        : { ...view, closed: { at, outcome: 'failed', failure: fact.failure } };
    case 'prepared':
    case 'cvEvaluated':
    case 'projectEvaluated':
      return { ...view, [fact.name]: { at } };
  }
}

export function projectUploaded(
  current: DocumentView | undefined,
  { documentId, kind }: DocumentUploaded,
  at: string,
): DocumentView {
  const view = current ?? { id: documentId, kind };
  return view.uploaded === undefined ? { ...view, uploaded: { at } } : view;
}

export function projectIngested(
  current: DocumentView | undefined,
  { documentId, kind, outcome }: DocumentIngested,
  at: string,
): DocumentView {
  const view = current ?? { id: documentId, kind };
  return view.ingested === undefined ? { ...view, ingested: { at, outcome } } : view;
}
