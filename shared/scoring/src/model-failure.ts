import { FailureCode, type Failure, type Stage } from '@berkas/contracts';
import { ModelError } from '@berkas/llm';
import { BerkasError } from '@berkas/service-kit';

/**
 * What an error means for an evaluation. A code that the contracts do not know is a bug of ours,
 * and people are told no more than that; the log has the rest.
 */
export function failureFrom(error: unknown, stage: Stage, about: Partial<Failure> = {}): Failure {
  const code = FailureCode.safeParse(error instanceof BerkasError ? error.code : undefined);
  const details = error instanceof ModelError ? error.details : {};
  return {
    ...about,
    code: code.success ? code.data : 'internal_error',
    stage,
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

/**
 * Whether the model has said its last word on a document. That is an outcome, not an exception: asked
 * again it says the same. All else is the consumer runtime's: to try again, or to give up with a dead
 * letter, since a key that was refused or a budget that was spent is mended and redriven.
 */
export const isLastWord = (error: unknown): error is BerkasError =>
  error instanceof BerkasError &&
  (error.code === 'model_refused' || error.code === 'model_answer_invalid');
