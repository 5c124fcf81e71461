import { fileURLToPath } from 'node:url';
import { GatewayVariables } from '@berkas/gateway';
import { ANSWER_FAULTS, TRANSPORT_FAULTS, type Faults } from '@berkas/llm/offline';
import { LOG_LEVELS } from '@berkas/service-kit';
import { z } from 'zod';

const MEBIBYTE_LIMIT = 8192;
const integer = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const SHIPPED_KNOWLEDGE = fileURLToPath(new URL('../../knowledge', import.meta.url));

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

type ModelVariable = 'LLM_MODEL' | 'EMBEDDING_MODEL';

const namesModel =
  (name: ModelVariable) =>
  (given: {
    [Name in ModelVariable | 'OPENAI_API_KEY' | 'OPENAI_BASE_URL']?: string | undefined;
  }): boolean =>
    given[name] !== undefined ||
    (given.OPENAI_API_KEY === undefined && given.OPENAI_BASE_URL === undefined);

const modelMissing = (name: ModelVariable) => ({
  path: [name],
  message: 'Name the model to use, since OPENAI_API_KEY or OPENAI_BASE_URL is set.',
  // Also when other variables are wrong: all errors are told at once.
  when: () => true,
});

/** Every environment variable that `berkas up` knows. */
export const Variables = z
  .object({
    ...GatewayVariables.shape,
    /** Everything that is kept: database, documents, results. */
    BERKAS_DATA_DIR: z.string().default('.berkas'),
    BERKAS_KNOWLEDGE_DIR: z.string().default(SHIPPED_KNOWLEDGE),
    LOG_LEVEL: z.enum(LOG_LEVELS).default('warn'),

    OPENAI_API_KEY: z.string().optional(),
    OPENAI_BASE_URL: z.url().optional(),
    LLM_MODEL: z.string().optional(),
    EMBEDDING_MODEL: z.string().optional(),
    LLM_TIMEOUT_MS: integer(100, 3_600_000).default(60_000),
    LLM_MAX_CONCURRENT_CALLS: integer(1, 10_000).default(64),

    /** Evaluations that each evaluator has under way at once. */
    EVALUATOR_CONCURRENCY: integer(1, 10_000).default(32),
    /** Documents read at once. */
    INGEST_CONCURRENCY: integer(1, 256).default(4),
    PDF_MAX_PAGES: integer(1, 10_000).default(50),
    PDF_TIMEOUT_MS: integer(10, 3_600_000).default(30_000),
    PDF_MEMORY_LIMIT_MB: integer(64, MEBIBYTE_LIMIT).default(512),

    /** How the offline model misbehaves, as JSON: a test bench for failure. */
    OFFLINE_MODEL_FAULTS: OfflineModelFaults.optional(),
  })
  .refine(namesModel('LLM_MODEL'), modelMissing('LLM_MODEL'))
  .refine(namesModel('EMBEDDING_MODEL'), modelMissing('EMBEDDING_MODEL'));
export type Variables = z.output<typeof Variables>;
