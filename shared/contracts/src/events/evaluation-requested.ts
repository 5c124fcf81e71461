import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { DocumentId, EvaluationId, evaluationIdentity, Round } from '../ids.ts';
import { KnowledgeVersions } from '../knowledge.ts';

/** Someone asked for an evaluation and was told it is accepted. Written by the gateway. */
export const evaluationRequested = defineEvent({
  type: 'evaluation-requested',
  version: 1,
  schema: z.object({
    evaluationId: EvaluationId,
    /** Above 0 where a closed evaluation is reopened. */
    round: Round.optional(),
    cvId: DocumentId,
    projectReportId: DocumentId,
    knowledge: KnowledgeVersions,
  }),
  key: (data) => data.evaluationId,
  identity: evaluationIdentity,
});
export type EvaluationRequested = z.infer<typeof evaluationRequested.schema>;
