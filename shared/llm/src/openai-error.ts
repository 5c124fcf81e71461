import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { Identifier, type FailureDetails } from '@berkas/contracts';
import type { Clock } from '@berkas/service-kit';
import { ModelError, modelRefused, modelUnavailable } from './model-error.ts';
import { retryAfterMs } from './retry-after.ts';

/** What the endpoint may answer well a moment later. */
const isTemporary = (status: number): boolean =>
  status === 408 || status === 409 || status === 429 || status >= 500;

/** What the client throws, as a `ModelError`. Anything it does not throw on purpose stays as it is. */
export function translateOpenAiError(error: unknown, clock: Clock): unknown {
  if (error instanceof APIConnectionTimeoutError) return modelUnavailable('timeout');
  if (error instanceof APIConnectionError) {
    return modelUnavailable('connection', { cause: error.cause });
  }
  if (error instanceof APIError) return fromStatus(error as APIError, clock);
  return isBrokenBody(error) ? modelUnavailable('malformed_body') : error;
}

function fromStatus(error: APIError, clock: Clock): unknown {
  const { status, headers } = error;
  // Without a status it is the client's word for an aborted call.
  if (status === undefined) return error;
  if (isTemporary(status)) {
    return modelUnavailable(status === 429 ? 'rate_limited' : `http_${status}`, {
      status,
      retryAfterMs: headers === undefined ? undefined : retryAfterMs(headers, clock),
    });
  }
  if (error.code === 'content_filter') return modelRefused();
  const details: FailureDetails = {
    status,
    ...identifier('reason', error.code ?? error.type),
    ...identifier('parameter', error.param),
  };
  const named = Object.entries(details).map(([name, value]) => `${name} ${String(value)}`);
  return new ModelError(`The language model endpoint rejects the request: ${named.join(', ')}.`, {
    code: 'model_rejected_request',
    details,
  });
}

/**
 * JSON that does not parse, or a connection lost in the middle of the body. Told by name and not by
 * class, since `fetch` may come from another realm; the cause is left out since it quotes the body.
 */
function isBrokenBody(error: unknown): boolean {
  if (error === null || typeof error !== 'object' || !('name' in error)) return false;
  if (error.name === 'SyntaxError') return true;
  return error.name === 'TypeError' && 'message' in error && error.message === 'terminated';
}

function identifier(name: string, value: unknown): FailureDetails {
  const parsed = Identifier.safeParse(value);
  return parsed.success ? { [name]: parsed.data } : {};
}
