import { z } from 'zod';
import { variableCheck, type VariableCheck } from './variable-check.ts';

/** The servers that a service may keep its state on, each in place of an embedded adapter. */
export const SERVERS = ['bus', 'blobs', 'documents', 'search'] as const;
export type ServerName = (typeof SERVERS)[number];

const webAddress = z.url({
  protocol: /^https?$/,
  error: 'Not an address that begins with http:// or https://.',
});
/** The client of blobs takes a server, and no path on it. */
const serverAddress = webAddress.refine((text) => new URL(text).pathname === '/', {
  error: 'Not an address without a path, such as http://127.0.0.1:9000.',
});
const BROKERS = /^\s*[^\s:,]+:\d{1,5}\s*(,\s*[^\s:,]+:\d{1,5}\s*)*$/;

/** Where the servers are. An address that is set means the server, none means the embedded adapter. */
export const serverVariables = {
  /**
   * Names this installation where several share servers: it is the bucket, the database and the
   * prefix of the index, and stands before the names of topics and groups (not where it is `berkas`).
   */
  BERKAS_NAMESPACE: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'Lower-case letters, digits and single hyphens.')
    .min(3)
    .max(40)
    .refine((name) => !name.endsWith('-current'), 'Must not end in -current: the index has that.')
    .default('berkas'),
  /** Brokers to begin with, as `host:port`, separated by commas. */
  KAFKA_BROKERS: z
    .string()
    .regex(BROKERS, 'Brokers are host:port, separated by commas.')
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .optional(),
  KAFKA_TLS: z.stringbool().default(false),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  /** Copies of each message; unset: three, or as many as there are brokers. Read by the set-up. */
  KAFKA_REPLICATION_FACTOR: z.coerce.number().int().min(1).max(9).optional(),
  /** After how much silence a member of a group is taken for dead; the cluster has its own limits. */
  KAFKA_SESSION_TIMEOUT_MS: z.coerce.number().int().min(6_000).max(300_000).default(30_000),
  ELASTICSEARCH_URL: webAddress.optional(),
  ELASTICSEARCH_API_KEY: z.string().optional(),
  MINIO_ENDPOINT: serverAddress.optional(),
  MINIO_ACCESS_KEY: z.string().optional(),
  MINIO_SECRET_KEY: z.string().optional(),
  /** Several members of a replica set are separated by commas, which is no URL to others. */
  MONGODB_URL: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/[^\s/]+/, 'Not an address that begins with mongodb://.')
    .optional(),
  /** How long one request to Elasticsearch, MinIO or MongoDB may take. */
  STORAGE_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(10_000),
};
export type ServerVariables = z.output<z.ZodObject<typeof serverVariables>>;

/** What has to be set for each server, and what is said where it is not. */
const NEEDED = {
  bus: { KAFKA_BROKERS: 'Required, such as 127.0.0.1:9092.' },
  blobs: {
    MINIO_ENDPOINT: 'Required, such as http://127.0.0.1:9000.',
    MINIO_ACCESS_KEY: 'Required for MinIO.',
    MINIO_SECRET_KEY: 'Required for MinIO.',
  },
  documents: { MONGODB_URL: 'Required, such as mongodb://127.0.0.1:27017.' },
  search: { ELASTICSEARCH_URL: 'Required, such as http://127.0.0.1:9200.' },
} as const satisfies Record<ServerName, Partial<Record<keyof ServerVariables, string>>>;

const ADDRESS = {
  bus: 'KAFKA_BROKERS',
  blobs: 'MINIO_ENDPOINT',
  documents: 'MONGODB_URL',
  search: 'ELASTICSEARCH_URL',
} as const satisfies Record<ServerName, keyof ServerVariables>;

/** Whether its address is set. */
export const namesServer = (variables: Partial<ServerVariables>, server: ServerName): boolean =>
  variables[ADDRESS[server]] !== undefined;

/** A check for each variable that these servers need; `ifAddressed`: only where an address is set. */
export const serverChecks = (
  servers: readonly ServerName[],
  { ifAddressed = false }: { ifAddressed?: boolean } = {},
): VariableCheck[] =>
  servers.flatMap((server) =>
    Object.entries(NEEDED[server]).map(([name, message]) =>
      variableCheck(
        name,
        (given) => name in given || (ifAddressed && !(ADDRESS[server] in given)),
        message,
      ),
    ),
  );

export const saslChecks = (): VariableCheck[] =>
  ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'].map((name) =>
    variableCheck(
      name,
      (given) => name in given || !('KAFKA_SASL_MECHANISM' in given),
      'Required, since KAFKA_SASL_MECHANISM is set.',
    ),
  );
