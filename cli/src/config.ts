import { fileURLToPath } from 'node:url';
import {
  modelChecks,
  retryVariables,
  saslChecks,
  serverChecks,
  SERVERS,
  serverVariables,
  modelVariables,
  withChecks,
} from '@berkas/composition';
import { GatewayVariables } from '@berkas/gateway';
import { ingestVariables } from '@berkas/ingest';
import { evaluatorVariables } from '@berkas/scoring';
import { integer, LOG_LEVELS } from '@berkas/service-kit';
import { z } from 'zod';

const SHIPPED_KNOWLEDGE = fileURLToPath(new URL('../../knowledge', import.meta.url));
const LOG_LEVEL = z.enum(LOG_LEVELS).default('warn');

const upVariables = z.object({
  ...serverVariables,
  ...modelVariables,
  ...GatewayVariables.shape,
  ...ingestVariables,
  ...evaluatorVariables,
  /** Everything that is kept: database, documents, results. */
  BERKAS_DATA_DIR: z.string().default('.berkas'),
  BERKAS_KNOWLEDGE_DIR: z.string().default(SHIPPED_KNOWLEDGE),
  LOG_LEVEL,
  ...retryVariables,
});

/** Every environment variable that `berkas up` and `berkas screen` know. */
export const Variables = withChecks(upVariables, [
  ...serverChecks(SERVERS, { ifAddressed: true }),
  ...saslChecks(),
  ...modelChecks(),
]);
export type Variables = z.output<typeof Variables>;

/** Those of `berkas setup`: it needs every server's address. */
export const SetUpVariables = withChecks(
  z.object({ ...serverVariables, ...modelVariables, LOG_LEVEL }),
  [...serverChecks(SERVERS), ...saslChecks(), ...modelChecks()],
);

/** Those of `berkas dead-letters`. */
export const OperatorVariables = z.object({
  BERKAS_URL: z.string().optional(),
  BERKAS_DATA_DIR: upVariables.shape.BERKAS_DATA_DIR,
  BERKAS_OPERATOR_TOKEN: z.string().optional(),
});

/** Those of `berkas model`, the offline model as a server of its own. */
export const ModelServerVariables = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(8090),
  LOG_LEVEL,
  OFFLINE_MODEL_FAULTS: modelVariables.OFFLINE_MODEL_FAULTS,
});
