import { evaluationRequested, type EvaluationRequested } from '@berkas/contracts';
import type { EventHandler } from '@berkas/messaging';
import type { Preparation } from '../preparation.ts';

/** Prepares an evaluation, or parks it until its documents are read: one slow scan holds up no other. */
export function evaluationRequestedHandler(
  preparation: Preparation,
): EventHandler<EvaluationRequested> {
  return {
    event: evaluationRequested,
    handle: ({ data }, { signal }) => preparation.requested(data, signal),
    onGiveUp: ({ data }, error) => preparation.failed(data, error),
  };
}
