import {
  createEvent,
  documentUploaded,
  evaluationRequested,
  roundOf,
  type DocumentKind,
  type KnowledgeVersions,
  type OutgoingEvent,
} from '@berkas/contracts';

/**
 * Accepted work: `accepted` until its events are known to be in the log, then `published`. An
 * evaluation whose end was seen is `closed`, so that it is not looked for any more.
 */
export type OutboxState = 'accepted' | 'published' | 'closed';

export type DocumentRecord = {
  /** Document id. */
  readonly id: string;
  readonly kind: DocumentKind;
  readonly filename: string;
  readonly bytes: number;
  readonly sha256: string;
  /** ISO 8601, UTC. */
  readonly uploadedAt: string;
};

/** One accepted `POST /upload`. */
export type UploadRecord = {
  readonly id: string;
  readonly state: OutboxState;
  readonly cv: DocumentRecord;
  readonly projectReport: DocumentRecord;
};

/** One accepted `POST /evaluate`. */
export type EvaluationRecord = {
  /** Evaluation id. */
  readonly id: string;
  readonly state: OutboxState;
  readonly jobTitle: string;
  readonly cvId: string;
  readonly projectReportId: string;
  /** The versions it is judged by, fixed now: a later edit of the knowledge does not touch it. */
  readonly knowledge: KnowledgeVersions;
  /** ISO 8601, UTC. */
  readonly requestedAt: string;
  /** Above 0 once it was reopened. */
  readonly round?: number;
  /** When it was reopened last. ISO 8601, UTC. */
  readonly reopenedAt?: string;
};

const SOURCE = 'gateway';

/** The same record makes the same events, ids and times included, whoever publishes it when. */
export const eventsOfUpload = ({ cv, projectReport }: UploadRecord): OutgoingEvent[] =>
  [cv, projectReport].map(eventOfDocument);

export const eventOfDocument = ({
  id,
  kind,
  bytes,
  sha256,
  uploadedAt,
}: DocumentRecord): OutgoingEvent =>
  createEvent(
    documentUploaded,
    { documentId: id, kind, bytes, sha256 },
    { source: SOURCE, time: uploadedAt },
  );

export const eventsOfEvaluation = (record: EvaluationRecord): OutgoingEvent[] => [
  createEvent(
    evaluationRequested,
    {
      evaluationId: record.id,
      ...(roundOf(record) === 0 ? {} : { round: record.round }),
      cvId: record.cvId,
      projectReportId: record.projectReportId,
      knowledge: record.knowledge,
    },
    { source: SOURCE, time: record.reopenedAt ?? record.requestedAt },
  ),
];
