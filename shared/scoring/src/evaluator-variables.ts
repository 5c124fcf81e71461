import { z } from 'zod';
import type { CallBudgetOptions } from './call-budget.ts';

/** The environment variables of whoever asks the model about evaluations. */
export const evaluatorVariables = {
  /** Evaluations under way at once in each process; they wait for the model most of the time. */
  EVALUATOR_CONCURRENCY: z.coerce.number().int().min(1).max(10_000).default(32),
  /**
   * Chat requests that one evaluation may cost, both parts and the summary together. A smooth one
   * needs three, one that is asked for again each time nine; the rest is for failing calls.
   */
  EVALUATION_MAX_CALLS: z.coerce.number().int().min(3).max(100_000).default(60),
  /** How long they may take the model, in milliseconds. */
  EVALUATION_MAX_MODEL_MS: z.coerce.number().int().min(1_000).max(86_400_000).default(1_800_000),
};

/** What a budget needs of the variables. */
export const budgetLimits = (
  variables: z.output<z.ZodObject<typeof evaluatorVariables>> & { readonly LLM_TIMEOUT_MS: number },
): Pick<CallBudgetOptions, 'limits' | 'callTimeoutMs'> => ({
  limits: {
    calls: variables.EVALUATION_MAX_CALLS,
    timeMs: variables.EVALUATION_MAX_MODEL_MS,
  },
  callTimeoutMs: variables.LLM_TIMEOUT_MS,
});
