import { z } from 'zod';
import { Failure } from './failure.ts';
import { DocumentId, DocumentKind, EvaluationId, Round, RunName } from './ids.ts';
import { EvaluationResult } from './result.ts';

const Time = z.iso.datetime();

/**
 * What the events have said of one evaluation in one run so far. Facts are only ever added, and those
 * of a later round put away those of an earlier one, so the order in which topics are read does not
 * matter; the state people see follows from the facts.
 */
export const EvaluationView = z.object({
  /** `viewId(evaluationId, run)`. */
  id: z.string(),
  evaluationId: EvaluationId,
  run: RunName,
  /** The round that the facts below are of. */
  round: Round.optional(),
  /** When it was reopened, where it was. */
  reopened: z.object({ at: Time }).optional(),
  requested: z.object({ at: Time, cvId: DocumentId, projectReportId: DocumentId }).optional(),
  prepared: z.object({ at: Time }).optional(),
  cvEvaluated: z.object({ at: Time }).optional(),
  projectEvaluated: z.object({ at: Time }).optional(),
  closed: z
    .discriminatedUnion('outcome', [
      z.object({ at: Time, outcome: z.literal('completed'), result: EvaluationResult }),
      z.object({ at: Time, outcome: z.literal('failed'), failure: Failure }),
    ])
    .optional(),
});
export type EvaluationView = z.infer<typeof EvaluationView>;

export const viewId = (evaluationId: string, run: string): string => `${evaluationId}:${run}`;

/** What the events have said of one uploaded document. */
export const DocumentView = z.object({
  id: DocumentId,
  kind: DocumentKind,
  uploaded: z.object({ at: Time }).optional(),
  ingested: z.object({ at: Time, outcome: z.enum(['ingested', 'rejected']) }).optional(),
});
export type DocumentView = z.infer<typeof DocumentView>;

/** Collections of the read model: written by status, read by the gateway. */
export const readModelCollections = {
  evaluations: { name: 'evaluation-views', indexes: [] },
  documents: { name: 'document-views', indexes: [] },
  deadLetters: { name: 'dead-letters', indexes: ['state', 'evaluationId'] },
} as const;
