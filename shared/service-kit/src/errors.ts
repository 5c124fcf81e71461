/**
 * The base of every error that Berkas raises on purpose. Anything else that is thrown is a bug:
 * logged whole, dead-lettered, never retried.
 */
export class BerkasError extends Error {
  /** Stable, for programs: `snake_case`. */
  readonly code: string;
  /** Whether the same call may succeed later without anyone changing anything. */
  readonly retryable: boolean;
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: {
      code: string;
      retryable: boolean;
      retryAfterMs?: number | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export const isRetryable = (error: unknown): error is BerkasError =>
  error instanceof BerkasError && error.retryable;

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
