import {
  EvaluationId,
  LIVE_RUN,
  viewId,
  type DocumentView,
  type EvaluationView,
  type ServiceState,
} from '@berkas/contracts';
import type { Clock } from '@berkas/service-kit';
import type { Collection } from '@berkas/storage';
import type { Context, Middleware } from 'koa';
import { describeResult } from '../../domain/describe-result.ts';
import type { EvaluationRecord } from '../../domain/records.ts';
import { HttpProblem } from '../problem.ts';

export type ResultDependencies = {
  readonly accepted: Collection<EvaluationRecord>;
  /** The read model, written by the status service. */
  readonly evaluationViews: Collection<EvaluationView>;
  readonly documentViews: Collection<DocumentView>;
  /** What the services last said of themselves. */
  readonly serviceStates: () => Promise<readonly ServiceState[]>;
  readonly clock: Clock;
};

/** Seconds: work takes longer than that, and asking costs little. */
const ASK_AGAIN_AFTER = '1';

/** `GET /result/{id}`: look the acceptance up, merge it with what the events said since. */
export const resultHandler =
  (deps: ResultDependencies): Middleware =>
  async (ctx) => {
    const accepted = await requireAccepted(deps.accepted, idOf(ctx));
    const [evaluation, cv, projectReport, states] = await Promise.all([
      deps.evaluationViews.get(viewId(accepted.id, LIVE_RUN)),
      deps.documentViews.get(accepted.cvId),
      deps.documentViews.get(accepted.projectReportId),
      deps.serviceStates(),
    ]);
    const facts = { accepted, evaluation, cv, projectReport };
    const result = describeResult(facts, { states, now: deps.clock.now() });
    const isOpen = result.status === 'queued' || result.status === 'processing';
    if (isOpen) ctx.set('Retry-After', ASK_AGAIN_AFTER);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = result;
  };

function idOf(ctx: Context): string {
  const { id } = ctx['params'] as { id: string };
  const parsed = EvaluationId.safeParse(id);
  if (parsed.success) return parsed.data;
  const message = 'Not an evaluation id: they look like eval_ and 24 hexadecimal digits.';
  throw new HttpProblem('field_invalid', `${message} Use the id that POST /evaluate answered.`, {
    errors: [{ field: 'id', message }],
  });
}

async function requireAccepted(
  accepted: Collection<EvaluationRecord>,
  id: string,
): Promise<EvaluationRecord> {
  const record = await accepted.get(id);
  if (record !== undefined) return record;
  throw new HttpProblem(
    'evaluation_unknown',
    'There is no evaluation with this id. Use the id that POST /evaluate answered.',
  );
}
