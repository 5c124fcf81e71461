import { BerkasError } from '@berkas/service-kit';

export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Asked for wrongly: the message says what to change. Exit status 2. */
export class UsageError extends BerkasError {
  constructor(message: string) {
    super(message, { code: 'usage', retryable: false });
  }
}

/** A signal came. Exit status 130, as of a program that an interrupt ended. */
export class Interrupted extends BerkasError {
  constructor(message: string) {
    super(message, { code: 'interrupted', retryable: true });
  }
}
