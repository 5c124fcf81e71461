import { z } from 'zod';

/** The environment variables of whoever asks the model about evaluations. */
export const evaluatorVariables = {
  /** Evaluations under way at once in each process; they wait for the model most of the time. */
  EVALUATOR_CONCURRENCY: z.coerce.number().int().min(1).max(10_000).default(32),
};
