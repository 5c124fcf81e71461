import {
  FailureCode,
  Identifier,
  type Failure,
  type FailureDetails,
  type Stage,
} from '@berkas/contracts';
import { BerkasError } from '@berkas/service-kit';

/**
 * What an error means for an evaluation. A code that the contracts do not know is a bug of ours,
 * and people are told no more than that; the log has the rest.
 */
export function failureFrom(error: unknown, stage: Stage, about: Partial<Failure> = {}): Failure {
  const code = FailureCode.safeParse(error instanceof BerkasError ? error.code : undefined);
  const details = detailsOf(error);
  return {
    ...about,
    code: code.success ? code.data : 'internal_error',
    stage,
    ...(details === undefined ? {} : { details }),
  };
}

/**
 * Whether the model has said its last word on a request. That is an outcome, not an exception; what
 * may pass is the consumer runtime's to try again.
 */
export const isFinalModelError = (error: unknown): error is BerkasError =>
  error instanceof BerkasError && !error.retryable && error.code.startsWith('model_');

function detailsOf(error: unknown): FailureDetails | undefined {
  if (!(error instanceof BerkasError)) return undefined;
  const given = Object.fromEntries<unknown>(Object.entries(error));
  const details: FailureDetails = {};
  for (const name of ['status', 'attempts']) {
    const value = given[name];
    if (typeof value === 'number') details[name] = value;
  }
  const problems = given.problems;
  if (Array.isArray(problems)) {
    const named = problems.filter(
      (problem): problem is string => Identifier.safeParse(problem).success,
    );
    if (named.length > 0) details.problems = [...new Set(named)];
  }
  return Object.keys(details).length === 0 ? undefined : details;
}
