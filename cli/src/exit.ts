import { BerkasError } from '@berkas/service-kit';

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Asked for wrongly: the message says what to change. Exit status 2. */
export class UsageError extends BerkasError {
  constructor(message: string) {
    super(message, { code: 'usage', retryable: false });
  }
}
