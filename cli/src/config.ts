import { fileURLToPath } from 'node:url';
import { modelMissing, modelVariables, namesModel } from '@berkas/composition';
import { GatewayVariables } from '@berkas/gateway';
import { LOG_LEVELS } from '@berkas/service-kit';
import { z } from 'zod';

const MEBIBYTE_LIMIT = 8192;
const integer = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const SHIPPED_KNOWLEDGE = fileURLToPath(new URL('../../knowledge', import.meta.url));

/** Every environment variable that `berkas up` knows. */
export const Variables = z
  .object({
    ...GatewayVariables.shape,
    /** Everything that is kept: database, documents, results. */
    BERKAS_DATA_DIR: z.string().default('.berkas'),
    BERKAS_KNOWLEDGE_DIR: z.string().default(SHIPPED_KNOWLEDGE),
    LOG_LEVEL: z.enum(LOG_LEVELS).default('warn'),

    ...modelVariables,

    /** Evaluations that each evaluator has under way at once. */
    EVALUATOR_CONCURRENCY: integer(1, 10_000).default(32),
    /** Documents read at once. */
    INGEST_CONCURRENCY: integer(1, 256).default(4),
    /** How long an event is tried at least while a server or the model is away. */
    EVENT_RETRY_PATIENCE_MS: integer(0, 86_400_000).default(600_000),
    PDF_MAX_PAGES: integer(1, 10_000).default(50),
    PDF_TIMEOUT_MS: integer(10, 3_600_000).default(30_000),
    PDF_MEMORY_LIMIT_MB: integer(64, MEBIBYTE_LIMIT).default(512),
  })
  .refine(namesModel('LLM_MODEL'), modelMissing('LLM_MODEL'))
  .refine(namesModel('EMBEDDING_MODEL'), modelMissing('EMBEDDING_MODEL'));
export type Variables = z.output<typeof Variables>;
