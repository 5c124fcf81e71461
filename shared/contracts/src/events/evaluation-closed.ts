import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { Failure } from '../failure.ts';
import { EvaluationId, evaluationIdentity, Round, RunName } from '../ids.ts';

const about = { evaluationId: EvaluationId, run: RunName, round: Round.optional() };

/** The end of an evaluation in one run. Written by the synthesizer, and by nobody else. */
export const evaluationClosed = defineEvent({
  type: 'evaluation-closed',
  version: 1,
  schema: z.discriminatedUnion('outcome', [
    z.object({
      ...about,
      outcome: z.literal('completed'),
      cvMatchRate: z.number(),
      projectScore: z.number(),
    }),
    z.object({ ...about, outcome: z.literal('failed'), failure: Failure }),
  ]),
  key: (data) => data.evaluationId,
  identity: evaluationIdentity,
});
export type EvaluationClosed = z.infer<typeof evaluationClosed.schema>;
