import { ANSWER_FAULTS, TRANSPORT_FAULTS, type Faults } from '@berkas/llm/offline';
import { integer } from '@berkas/service-kit';
import { z } from 'zod';
import { variableCheck, type VariableCheck } from './variable-check.ts';

const duration = z.int().min(0).max(3_600_000);
const planOf = <Kind extends string>(kinds: readonly [Kind, ...Kind[]]) =>
  z.strictObject({
    sequence: z.array(z.enum([...kinds, 'none'])).optional(),
    probabilities: z.partialRecord(z.enum(kinds), z.number().min(0).max(1)).optional(),
    seed: z.int().optional(),
  });

/** `Faults` of the offline model, as JSON in a variable. */
const OfflineModelFaults = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(
    z.strictObject({
      latencyMs: duration.optional(),
      embeddingLatencyMs: duration.optional(),
      lateMs: duration.optional(),
      retryAfterSeconds: z.int().min(0).max(3600).optional(),
      obedient: z.boolean().optional(),
      waverSeed: z.int().optional(),
      plan: planOf([...TRANSPORT_FAULTS, ...ANSWER_FAULTS]).optional(),
      embeddingPlan: planOf(TRANSPORT_FAULTS).optional(),
    }),
  )
  .transform((faults) => faults as Faults);

/** Which language model answers; none named means the offline model. */
export const modelVariables = {
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: z.url().optional(),
  LLM_MODEL: z.string().optional(),
  EMBEDDING_MODEL: z.string().optional(),
  /**
   * A second model, or the same at another endpoint, that answers chats while the first cannot. It
   * embeds nothing: vectors of two models cannot be compared.
   */
  LLM_FALLBACK_MODEL: z.string().optional(),
  /** Unset: where the first one is asked. */
  LLM_FALLBACK_BASE_URL: z.url().optional(),
  /** Unset: that of the first one where both are asked at the same address, else none. */
  LLM_FALLBACK_API_KEY: z.string().optional(),
  LLM_TIMEOUT_MS: integer(100, 3_600_000).default(60_000),
  LLM_MAX_CONCURRENT_CALLS: integer(1, 10_000).default(64),
  /** How the offline model misbehaves, as JSON: a test bench for failure. */
  OFFLINE_MODEL_FAULTS: OfflineModelFaults.optional(),
};
export type ModelVariables = z.output<z.ZodObject<typeof modelVariables>>;

const isUnnamed =
  (name: 'LLM_MODEL' | 'EMBEDDING_MODEL') =>
  (given: object): boolean =>
    !(name in given) && ('OPENAI_API_KEY' in given || 'OPENAI_BASE_URL' in given);

/** A check for each model that has to be named, since an endpoint is. */
export const modelChecks = (): VariableCheck[] => [
  ...(['LLM_MODEL', 'EMBEDDING_MODEL'] as const).map((name) =>
    variableCheck(
      name,
      (given) => !isUnnamed(name)(given),
      'Name the model to use, since OPENAI_API_KEY or OPENAI_BASE_URL is set.',
    ),
  ),
  variableCheck(
    'LLM_FALLBACK_MODEL',
    (given) =>
      'LLM_FALLBACK_MODEL' in given ||
      !('LLM_FALLBACK_BASE_URL' in given || 'LLM_FALLBACK_API_KEY' in given),
    'Name the model to fall back to, since LLM_FALLBACK_BASE_URL or LLM_FALLBACK_API_KEY is set.',
  ),
  variableCheck(
    'LLM_FALLBACK_BASE_URL',
    (given) =>
      !('LLM_FALLBACK_MODEL' in given) ||
      'LLM_FALLBACK_BASE_URL' in given ||
      'OPENAI_API_KEY' in given ||
      'OPENAI_BASE_URL' in given,
    'Required with LLM_FALLBACK_MODEL, since the first model is the offline one.',
  ),
];
