import { BerkasError } from '@berkas/service-kit';

export type BusErrorCode =
  /** The server or file cannot be reached or written just now. */
  | 'bus_unavailable'
  /** The server or file is broken in a way that waiting does not mend. */
  | 'bus_failed'
  | 'bus_closed'
  | 'subscription_exists'
  | 'subscription_invalid'
  | 'message_invalid'
  | 'message_too_large'
  /** A message was not finished because its subscription stops; it is delivered again. */
  | 'message_given_back';

const RETRYABLE: ReadonlySet<BusErrorCode> = new Set(['bus_unavailable', 'message_given_back']);

/** What every event bus rejects with. */
export class BusError extends BerkasError {
  declare readonly code: BusErrorCode;

  constructor(code: BusErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, { code, retryable: RETRYABLE.has(code), cause: options.cause });
  }
}
