import type { EvaluationClosed } from '@berkas/contracts';
import { canonicalJson } from '@berkas/service-kit';
import type { Kept, Told } from '../books.ts';

/** Everything accepted is closed, once, and nobody was ever told anything else. */
export function checkOutcomes(
  { accepted, firstClosed, last }: Told,
  kept: Pick<Kept, 'requested' | 'closed'>,
): string[] {
  const ids = new Set(accepted.map(({ id }) => id));
  const strangers = [...kept.requested].filter((id) => !ids.has(id));
  return [
    ...(ids.size < accepted.length ? ['two applications were accepted under one id'] : []),
    ...strangers.map((id) => `${id}: in the log, and nobody was told of it`),
    ...[...ids].flatMap((id) => {
      const problems = [
        ...(kept.requested.has(id) ? [] : ['accepted, and not in the log']),
        ...closingProblems(kept.closed.get(id) ?? []),
        ...toldProblems(firstClosed.get(id), last.get(id)),
      ];
      return problems.map((problem) => `${id}: ${problem}`);
    }),
  ];
}

function closingProblems(events: readonly EvaluationClosed[]): string[] {
  if (events.length === 0) return ['never closed in the log'];
  const different = new Set(events.map(canonicalJson));
  if (different.size === 1) return [];
  return [`closed in ${different.size} ways: ${events.map(({ outcome }) => outcome).join(', ')}`];
}

type Response = ReturnType<Told['last']['get']>;

function toldProblems(first: Response, last: Response): string[] {
  if (last === undefined) return ['no answer about it in the end'];
  if (last.status !== 'completed' && last.status !== 'failed') {
    return [`still ${last.status} in the end`];
  }
  if (first !== undefined && outcomeOf(first) !== outcomeOf(last)) {
    return [`told as ${first.status} first and otherwise (${last.status}) in the end`];
  }
  return [];
}

/** Not the time of the last change: what comes to be known of a document after the end moves it. */
const outcomeOf = ({ updated_at: _time, ...rest }: NonNullable<Response>): string =>
  canonicalJson(rest);
