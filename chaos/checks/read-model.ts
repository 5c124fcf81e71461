import { canonicalJson } from '@berkas/service-kit';
import type { Kept } from '../books.ts';

/** The views say what the log does, of neither fewer nor more. */
export function checkReadModel(
  kept: Pick<
    Kept,
    'requested' | 'closed' | 'results' | 'ingested' | 'evaluationViews' | 'documentViews'
  >,
): string[] {
  const evaluations = new Set([...kept.requested, ...kept.evaluationViews.keys()]);
  const documents = new Set([...kept.ingested.keys(), ...kept.documentViews.keys()]);
  return [
    ...[...evaluations].flatMap((id) => evaluationProblems(id, kept)),
    ...[...documents].flatMap((id) => documentProblems(id, kept)),
  ];
}

function evaluationProblems(
  id: string,
  kept: Pick<Kept, 'requested' | 'closed' | 'results' | 'evaluationViews'>,
): string[] {
  const view = kept.evaluationViews.get(id);
  if (view === undefined) return [`${id}: has no view`];
  if (!kept.requested.has(id)) return [`${id}: has a view, and is not in the log`];
  const event = kept.closed.get(id)?.at(-1);
  const { closed } = view;
  if (closed?.outcome !== event?.outcome) {
    return [`${id}: ${String(closed?.outcome)} in its view, ${String(event?.outcome)} in the log`];
  }
  if (closed === undefined || event === undefined) return [];
  const [seen, said] =
    closed.outcome === 'completed'
      ? [closed.result, kept.results.get(id)]
      : [closed.failure, event.outcome === 'failed' ? event.failure : undefined];
  return canonicalJson(seen) === canonicalJson(said ?? null)
    ? []
    : [`${id}: its view is closed with other words than the log and the store have`];
}

function documentProblems(
  id: string,
  { ingested, documentViews }: Pick<Kept, 'ingested' | 'documentViews'>,
): string[] {
  const view = documentViews.get(id);
  const events = ingested.get(id) ?? [];
  const different = new Set(events.map(canonicalJson));
  if (different.size > 1) return [`${id}: read in ${different.size} ways`];
  const said = events[0]?.outcome;
  if (view?.ingested?.outcome === said && said !== undefined) return [];
  return [
    `${id}: ${view?.ingested?.outcome ?? 'not read'} in its view, ${said ?? 'not read'} in the log`,
  ];
}
