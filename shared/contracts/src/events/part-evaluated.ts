import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { Failure } from '../failure.ts';
import { EvaluationId, evaluationIdentity, Round, RunName } from '../ids.ts';
import { Score } from '../result.ts';

const about = { evaluationId: EvaluationId, run: RunName, round: Round.optional() };

const PartEvaluated = z.discriminatedUnion('outcome', [
  z.object({
    ...about,
    outcome: z.literal('scored'),
    /** Numbers alone: reasons and quotes wait in the blob store. */
    scores: z.record(z.string(), Score),
    weightedMean: z.number(),
  }),
  z.object({ ...about, outcome: z.literal('failed'), failure: Failure }),
]);
export type PartEvaluated = z.infer<typeof PartEvaluated>;

const definePart = (type: string) =>
  defineEvent({
    type,
    version: 1,
    schema: PartEvaluated,
    key: (data) => data.evaluationId,
    identity: evaluationIdentity,
  });

/** The CV was scored, or could not be. Written by cv-evaluator. */
export const cvEvaluated = definePart('cv-evaluated');

/** The project report was scored, or could not be. Written by project-evaluator. */
export const projectEvaluated = definePart('project-evaluated');
