import { integer } from '@berkas/service-kit';
import { z } from 'zod';

/** What the gateway is told about itself. Sizes in bytes, times in milliseconds. */
export type GatewayConfig = {
  readonly host: string;
  /** 0 takes any free port; `address()` says which. */
  readonly port: number;
  /** Largest PDF that is accepted, each of the two. */
  readonly maxUploadBytes: number;
  /** How long one request may take to arrive, a slow upload included. */
  readonly requestTimeoutMs: number;
  /** How long `stop` waits for requests under way before it cuts them off. */
  readonly stopDeadlineMs: number;
  /** How often accepted work that could not be published is tried again. */
  readonly outboxIntervalMs: number;
};

const MEBIBYTE = 1024 * 1024;

/** The gateway's environment variables, as `parseConfig` reads them. */
export const GatewayVariables = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(8080),
  BERKAS_MAX_UPLOAD_BYTES: integer(1024, 1024 * MEBIBYTE).default(10 * MEBIBYTE),
  BERKAS_REQUEST_TIMEOUT_MS: integer(1000, 3_600_000).default(120_000),
  BERKAS_STOP_DEADLINE_MS: integer(0, 600_000).default(10_000),
  BERKAS_OUTBOX_INTERVAL_MS: integer(10, 600_000).default(5000),
});
export type GatewayVariables = z.output<typeof GatewayVariables>;

/** The gateway's part of the parsed environment. */
export function gatewayConfig(variables: GatewayVariables): GatewayConfig {
  return {
    host: variables.HOST,
    port: variables.PORT,
    maxUploadBytes: variables.BERKAS_MAX_UPLOAD_BYTES,
    requestTimeoutMs: variables.BERKAS_REQUEST_TIMEOUT_MS,
    stopDeadlineMs: variables.BERKAS_STOP_DEADLINE_MS,
    outboxIntervalMs: variables.BERKAS_OUTBOX_INTERVAL_MS,
  };
}
