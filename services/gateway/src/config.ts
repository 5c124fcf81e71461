import { integer } from '@berkas/service-kit';
import { z } from 'zod';

/** What the gateway is told about itself. Sizes in bytes, times in milliseconds. */
export type GatewayConfig = {
  readonly host: string;
  /** 0 takes any free port; `address()` says which. */
  readonly port: number;
  /** Largest PDF that is accepted, each of the two. */
  readonly maxUploadBytes: number;
  /** How many requests may be under way at once; probes and metrics do not count. */
  readonly maxConcurrentRequests: number;
  /** How many of them may be uploads. */
  readonly maxConcurrentUploads: number;
  /** How much may wait before the service that is furthest behind before new work is refused. */
  readonly maxQueued: number;
  /** How long one request may take to arrive, a slow upload included. */
  readonly requestTimeoutMs: number;
  /** How long `stop` waits for requests under way before it cuts them off. */
  readonly stopDeadlineMs: number;
  /** How often accepted work that could not be published is tried again. */
  readonly outboxIntervalMs: number;
  /** After how long without progress an evaluation may be stuck. */
  readonly stuckAfterMs: number;
  /** How often stuck ones are looked for. */
  readonly stuckSweepIntervalMs: number;
  /** Lets operators in, to the dead letters; without it nobody is. */
  readonly operatorToken?: string | undefined;
};

const MEBIBYTE = 1024 * 1024;

/** The gateway's environment variables, as `parseConfig` reads them. */
export const GatewayVariables = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(8080),
  BERKAS_MAX_UPLOAD_BYTES: integer(1024, 1024 * MEBIBYTE).default(10 * MEBIBYTE),
  BERKAS_MAX_CONCURRENT_REQUESTS: integer(1, 10_000).default(256),
  BERKAS_MAX_CONCURRENT_UPLOADS: integer(1, 10_000).default(32),
  BERKAS_MAX_QUEUED: integer(1, 100_000_000).default(100_000),
  BERKAS_REQUEST_TIMEOUT_MS: integer(1000, 3_600_000).default(120_000),
  BERKAS_STOP_DEADLINE_MS: integer(0, 600_000).default(10_000),
  BERKAS_OUTBOX_INTERVAL_MS: integer(10, 600_000).default(5000),
  BERKAS_STUCK_AFTER_MS: integer(1000, 86_400_000).default(120_000),
  BERKAS_STUCK_SWEEP_INTERVAL_MS: integer(10, 3_600_000).default(30_000),
  BERKAS_OPERATOR_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,512}$/, 'At least 16 visible ASCII characters, such as 32 random ones.')
    .optional(),
});
export type GatewayVariables = z.output<typeof GatewayVariables>;

/** The gateway's part of the parsed environment. */
export function gatewayConfig(variables: GatewayVariables): GatewayConfig {
  return {
    host: variables.HOST,
    port: variables.PORT,
    maxUploadBytes: variables.BERKAS_MAX_UPLOAD_BYTES,
    maxConcurrentRequests: variables.BERKAS_MAX_CONCURRENT_REQUESTS,
    maxConcurrentUploads: variables.BERKAS_MAX_CONCURRENT_UPLOADS,
    maxQueued: variables.BERKAS_MAX_QUEUED,
    requestTimeoutMs: variables.BERKAS_REQUEST_TIMEOUT_MS,
    stopDeadlineMs: variables.BERKAS_STOP_DEADLINE_MS,
    outboxIntervalMs: variables.BERKAS_OUTBOX_INTERVAL_MS,
    stuckAfterMs: variables.BERKAS_STUCK_AFTER_MS,
    stuckSweepIntervalMs: variables.BERKAS_STUCK_SWEEP_INTERVAL_MS,
    operatorToken: variables.BERKAS_OPERATOR_TOKEN,
  };
}
