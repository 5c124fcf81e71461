import { MAX_SCORE, MIN_SCORE, type Evidence, type Rubric } from '@berkas/contracts';
import { z } from 'zod';

/** Above this a score cannot stand without a quote that is in the document. */
export const MAX_SCORE_WITHOUT_EVIDENCE = 2;

const ParameterAnswer = z.object({
  reason: z.string().trim().min(1),
  evidence: z.array(z.object({ quote: z.string(), page: z.int() })).max(5),
  score: z.int().min(MIN_SCORE).max(MAX_SCORE),
});

/** What a model answers for a rubric: every parameter by its id, so that none can be left out. */
export type PartAnswer = {
  parameters: Record<string, z.infer<typeof ParameterAnswer>>;
  feedback: string;
};

/** One a rubric: making a schema, and the JSON Schema of it, costs more than using it. */
const schemas = new WeakMap<Rubric, z.ZodType<PartAnswer>>();

export function partAnswerSchema(rubric: Rubric): z.ZodType<PartAnswer> {
  const made = schemas.get(rubric) ?? makeSchema(rubric);
  schemas.set(rubric, made);
  return made;
}

function makeSchema(rubric: Rubric): z.ZodType<PartAnswer> {
  const parameters = Object.fromEntries(rubric.parameters.map(({ id }) => [id, ParameterAnswer]));
  return z.object({
    parameters: z.strictObject(parameters),
    feedback: z.string().trim().min(1),
  });
}

/** The problems of an answer that fits the schema, in words that the model is asked again with. */
export function evidenceProblems(
  answer: PartAnswer,
  find: (quote: string) => Evidence | undefined,
): string[] {
  return Object.entries(answer.parameters).flatMap(([id, { score, evidence }]) => {
    if (score <= MAX_SCORE_WITHOUT_EVIDENCE) return [];
    if (evidence.some(({ quote }) => find(quote) !== undefined)) return [];
    return [
      `parameters.${id}: a score of ${score} needs a quote that stands in the document letter by letter; ` +
        (evidence.length === 0 ? 'there is none.' : 'none of the quotes given is there.'),
    ];
  });
}
