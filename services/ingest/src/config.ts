import { integer } from '@berkas/service-kit';
import { z } from 'zod';

/** The environment variables of ingest, as `parseConfig` reads them. */
export const ingestVariables = {
  /** Documents read at once. */
  INGEST_CONCURRENCY: integer(1, 256).default(4),
  PDF_MAX_PAGES: integer(1, 10_000).default(50),
  PDF_TIMEOUT_MS: integer(10, 3_600_000).default(30_000),
  PDF_MEMORY_LIMIT_MB: integer(64, 8192).default(512),
};
export type IngestVariables = z.output<z.ZodObject<typeof ingestVariables>>;

/** The limits of reading one PDF. */
export const extractorLimits = (variables: IngestVariables) => ({
  maxPages: variables.PDF_MAX_PAGES,
  timeoutMs: variables.PDF_TIMEOUT_MS,
  memoryLimitMb: variables.PDF_MEMORY_LIMIT_MB,
});
