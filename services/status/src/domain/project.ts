import {
  aboutOf,
  LIVE_RUN,
  roundOf,
  viewId,
  type DocumentIngested,
  type DocumentUploaded,
  type DocumentView,
  type EvaluationRequested,
  type EvaluationResult,
  type EvaluationView,
  type Failure,
} from '@berkas/contracts';

export type About = {
  readonly evaluationId: string;
  readonly run: string;
  readonly round?: number | undefined;
};

/** What one event adds to a view. A fact that is already there stays as it is. */
export type EvaluationFact =
  | { readonly name: 'requested'; readonly data: EvaluationRequested }
  | { readonly name: 'prepared' | 'cvEvaluated' | 'projectEvaluated' }
  | { readonly name: 'closed'; readonly outcome: 'completed'; readonly result: EvaluationResult }
  | { readonly name: 'closed'; readonly outcome: 'failed'; readonly failure: Failure };

/** A request is always one for the live run. */
export const requestAbout = (request: EvaluationRequested): About =>
  aboutOf({ ...request, run: LIVE_RUN });

/**
 * `at` is the time of the event. Answers the same object when the event says nothing new.
 *
 * A later round puts away what an earlier one came to, unless that was completed: what people were
 * once shown as their result stays. Of an earlier round nothing is added any more but that.
 */
export function projectEvaluation(
  current: EvaluationView | undefined,
  about: About,
  fact: EvaluationFact,
  at: string,
): EvaluationView {
  const { evaluationId, run } = about;
  const known = current ?? { id: viewId(evaluationId, run), evaluationId, run };
  const isNextRound = roundOf(about) > roundOf(known);
  if (isNextRound && known.closed?.outcome === 'completed') return known;
  const isCompleted = fact.name === 'closed' && fact.outcome === 'completed';
  const isStale = roundOf(about) < roundOf(known);
  if (isStale && fact.name !== 'requested' && !isCompleted) return known;
  const view = isNextRound ? nextRound(known, roundOf(about), at) : known;
  const told = view[fact.name];
  if (told !== undefined && !(isCompleted && view.closed?.outcome === 'failed')) return view;
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

const nextRound = (
  { id, evaluationId, run, requested }: EvaluationView,
  round: number,
  at: string,
): EvaluationView => ({
  id,
  evaluationId,
  run,
  round,
  reopened: { at },
  ...(requested === undefined ? {} : { requested }),
});

export function projectUploaded(
  current: DocumentView | undefined,
  { documentId, kind }: DocumentUploaded,
  at: string,
): DocumentView {
  const view = current ?? { id: documentId, kind };
  return view.uploaded === undefined ? { ...view, uploaded: { at } } : view;
}

/** One that was given up may be read after all; what was read once stays so. */
export function projectIngested(
  current: DocumentView | undefined,
  { documentId, kind, outcome }: DocumentIngested,
  at: string,
): DocumentView {
  const view = current ?? { id: documentId, kind };
  const known = view.ingested?.outcome;
  const isNew = known === undefined || (known === 'rejected' && outcome === 'ingested');
  return isNew ? { ...view, ingested: { at, outcome } } : view;
}
