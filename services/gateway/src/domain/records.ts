import {
  createEvent,
  documentUploaded,
  evaluationRequested,
  type DocumentKind,
  type KnowledgeVersions,
  type OutgoingEvent,
} from '@berkas/contracts';

/** Accepted work: `accepted` until its events are known to be in the log, then `published`. */
export type OutboxState = 'accepted' | 'published';

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
};

const SOURCE = 'gateway';

/** The same record makes the same events, ids and times included, whoever publishes it when. */
export const eventsOfUpload = ({ cv, projectReport }: UploadRecord): OutgoingEvent[] =>
  [cv, projectReport].map(({ id, kind, bytes, sha256, uploadedAt }) =>
    createEvent(
      documentUploaded,
      { documentId: id, kind, bytes, sha256 },
      { source: SOURCE, time: uploadedAt },
    ),
  );

export const eventsOfEvaluation = (record: EvaluationRecord): OutgoingEvent[] => [
  createEvent(
    evaluationRequested,
    {
      evaluationId: record.id,
      cvId: record.cvId,
      projectReportId: record.projectReportId,
      knowledge: record.knowledge,
    },
    { source: SOURCE, time: record.requestedAt },
  ),
];
