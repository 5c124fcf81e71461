import type { FailureCode, FailureDetails } from '@berkas/contracts';
import { BerkasError } from '@berkas/service-kit';

export type ModelErrorCode = Extract<
  FailureCode,
  | 'model_unavailable'
  | 'model_rejected_request'
  | 'model_refused'
  | 'model_answer_invalid'
  | 'model_budget_spent'
>;

/** Why no answer came; the caller may try later in every case. */
export type UnavailableReason =
  | 'timeout'
  | 'connection'
  | 'malformed_body'
  | 'rate_limited'
  | 'breaker_open'
  | 'closed'
  /** Another process has asked the same, and its answer is waited for. */
  | 'under_way'
  | `http_${number}`;

/**
 * A call of the language model came to nothing. `details` hold numbers and identifiers only, so they
 * go into events as they are:
 * - `model_unavailable` (the one that is retryable): `reason`, and `status` where there was one, and
 *   `fallback` with the reason of the fallback where that failed too;
 * - `model_rejected_request`: `status`, and what the endpoint says of it as `reason` and `parameter`;
 * - `model_refused`: nothing;
 * - `model_answer_invalid`: `attempts` and `problems`, such as `missing:scores.correctness`;
 * - `model_budget_spent`: `calls` and `seconds` that went into the evaluation.
 *
 * What an endpoint writes in its error bodies is kept out of messages and causes: some repeat the
 * request in it, and with it a person's words.
 */
export class ModelError extends BerkasError {
  declare readonly code: ModelErrorCode;
  readonly details: FailureDetails;

  constructor(
    message: string,
    options: {
      code: ModelErrorCode;
      details?: FailureDetails;
      retryAfterMs?: number | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { ...options, retryable: options.code === 'model_unavailable' });
    this.details = options.details ?? {};
  }
}

export function modelUnavailable(
  reason: UnavailableReason,
  options: { status?: number; retryAfterMs?: number | undefined; cause?: unknown } = {},
): ModelError {
  return new ModelError(`The language model endpoint cannot answer now (${reason}).`, {
    code: 'model_unavailable',
    details: { reason, ...(options.status === undefined ? {} : { status: options.status }) },
    retryAfterMs: options.retryAfterMs,
    cause: options.cause,
  });
}

export const modelRefused = (): ModelError =>
  new ModelError('The language model declined to answer.', { code: 'model_refused' });

export const modelAnswerInvalid = (attempts: number, problems: readonly string[]): ModelError =>
  new ModelError(
    `The language model gave no valid answer in ${attempts} tries (${problems.join(', ')}).`,
    { code: 'model_answer_invalid', details: { attempts, problems: [...problems] } },
  );

export const modelBudgetSpent = (details: { calls: number; seconds: number }): ModelError =>
  new ModelError(
    `The evaluation has used up its ${details.calls} calls or ${details.seconds} seconds of the language model.`,
    { code: 'model_budget_spent', details },
  );

/**
 * Neither endpoint answered. It may pass, since the primary's failure may, and no later than the
 * sooner of the two asks for.
 */
export function bothUnavailable(primary: ModelError, fallback: ModelError): ModelError {
  const isTurnedAway = primary.details['reason'] === 'breaker_open';
  const soonerMs = fallback.retryable
    ? Math.min(primary.retryAfterMs ?? 0, fallback.retryAfterMs ?? 0)
    : (primary.retryAfterMs ?? 0);
  return new ModelError(`${primary.message} Nor does the fallback: ${fallback.message}`, {
    code: 'model_unavailable',
    details: { ...primary.details, fallback: fallback.details['reason'] ?? fallback.code },
    retryAfterMs: soonerMs === 0 ? undefined : soonerMs,
    // Whoever counts tries looks here whether an open breaker spoilt this one: that of the primary,
    // and that of the fallback unless it would never answer this request anyway.
    cause: isTurnedAway && fallback.retryable ? fallback : primary,
  });
}
