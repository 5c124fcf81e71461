import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { Failure } from '../failure.ts';
import { DocumentId, EvaluationId, evaluationIdentity, Round, RunName, Sha256 } from '../ids.ts';
import { KnowledgeVersions } from '../knowledge.ts';

const about = { evaluationId: EvaluationId, run: RunName, round: Round.optional() };
const ReadDocument = z.object({ id: DocumentId, sha256: Sha256 });

/** All that an evaluation needs is read and indexed, or never will be. Written by ingest. */
export const evaluationPrepared = defineEvent({
  type: 'evaluation-prepared',
  version: 1,
  schema: z.discriminatedUnion('outcome', [
    z.object({
      ...about,
      outcome: z.literal('prepared'),
      cv: ReadDocument,
      projectReport: ReadDocument,
      knowledge: KnowledgeVersions,
    }),
    z.object({ ...about, outcome: z.literal('failed'), failure: Failure }),
  ]),
  key: (data) => data.evaluationId,
  identity: evaluationIdentity,
});
export type EvaluationPrepared = z.infer<typeof evaluationPrepared.schema>;
export type PreparedEvaluation = Extract<EvaluationPrepared, { outcome: 'prepared' }>;
