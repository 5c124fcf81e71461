import type {
  DocumentKind,
  EvaluationPrepared,
  EvaluationRequested,
  FailureCode,
  FailureDetails,
} from '@berkas/contracts';
import { aboutOf, LIVE_RUN } from '@berkas/contracts';

/** What became of a document that ingest was told of. */
export type Source = {
  /** `documentSourceId`. */
  readonly id: string;
} & (
  | ({ readonly outcome: 'ingested'; readonly sha256: string } & Sizes)
  | {
      readonly outcome: 'rejected';
      readonly code: FailureCode;
      readonly details?: FailureDetails;
      /** For a reason of ours and not the document's: it is read again if it is delivered again. */
      readonly gaveUp?: true;
    }
);

export const wasGivenUp = (source: Source): boolean =>
  source.outcome === 'rejected' && source.gaveUp === true;

/** Counts of what was read. */
export type Sizes = {
  readonly pages: number;
  /** UTF-16 units. */
  readonly characters: number;
  readonly passages: number;
};

export const documentSourceId = (documentId: string): string => `document/${documentId}`;

/** The documents that have to be read before the evaluation can start. */
export const documentsOf = ({ cvId, projectReportId }: EvaluationRequested): string[] => [
  documentSourceId(cvId),
  documentSourceId(projectReportId),
];

/** A request is always one for the live run. */
export const requestAbout = (request: EvaluationRequested): ReturnType<typeof aboutOf> =>
  aboutOf({ ...request, run: LIVE_RUN });

/**
 * Decides what is known of an evaluation by now: nothing yet while a document is missing, failed as
 * soon as one cannot be read, prepared when both are there.
 */
export function decidePrepared(
  request: EvaluationRequested,
  sources: ReadonlyMap<string, Source>,
): EvaluationPrepared | undefined {
  const { cvId, projectReportId, knowledge } = request;
  const about = requestAbout(request);
  const cv = sources.get(documentSourceId(cvId));
  const projectReport = sources.get(documentSourceId(projectReportId));
  if (cv?.outcome === 'rejected') return unreadable(about, cvId, 'cv', cv);
  if (projectReport?.outcome === 'rejected') {
    return unreadable(about, projectReportId, 'project_report', projectReport);
  }
  if (cv === undefined || projectReport === undefined) return undefined;
  return {
    ...about,
    outcome: 'prepared',
    cv: { id: cvId, sha256: cv.sha256 },
    projectReport: { id: projectReportId, sha256: projectReport.sha256 },
    knowledge,
  };
}

function unreadable(
  about: ReturnType<typeof aboutOf>,
  documentId: string,
  kind: DocumentKind,
  { code, details }: Extract<Source, { outcome: 'rejected' }>,
): EvaluationPrepared {
  return {
    ...about,
    outcome: 'failed',
    failure: {
      code,
      stage: 'reading',
      document_id: documentId,
      document_kind: kind,
      ...(details === undefined ? {} : { details }),
    },
  };
}
