import { roundOf, type DocumentView, type EvaluationView } from '@berkas/contracts';
import type { EvaluationRecord } from './records.ts';

/** All that is known of one evaluation; a view is missing until the first of its events is read. */
export type KnownFacts = {
  readonly accepted: EvaluationRecord;
  readonly evaluation: EvaluationView | undefined;
  readonly cv: DocumentView | undefined;
  readonly projectReport: DocumentView | undefined;
};

/**
 * What still stands of the view: one that was reopened goes again, whether the read model knows of it
 * yet or not. What was completed stays so.
 */
export function standingView({ accepted, evaluation }: KnownFacts): EvaluationView | undefined {
  if (evaluation === undefined || evaluation.closed?.outcome === 'completed') return evaluation;
  return roundOf(evaluation) < roundOf(accepted) ? undefined : evaluation;
}

/** When it was asked for, or reopened last. ISO 8601, UTC. */
export function begunAt(facts: KnownFacts): string {
  const { requestedAt, reopenedAt } = facts.accepted;
  const times = [requestedAt, reopenedAt, standingView(facts)?.reopened?.at];
  return latest(times) ?? requestedAt;
}

/** When anything about it was heard last. ISO 8601, UTC. */
export function lastProgressAt(facts: KnownFacts): string {
  const { cv, projectReport } = facts;
  const view = standingView(facts);
  return (
    latest([
      begunAt(facts),
      ...[cv?.ingested?.at, projectReport?.ingested?.at],
      ...[view?.prepared?.at, view?.cvEvaluated?.at, view?.projectEvaluated?.at, view?.closed?.at],
    ]) ?? begunAt(facts)
  );
}

/** ISO times may differ in their fraction, so they are compared as instants. */
export function latest(times: readonly (string | undefined)[]): string | undefined {
  return times.reduce<string | undefined>(
    (last, time) =>
      last === undefined || (time !== undefined && Date.parse(time) > Date.parse(last))
        ? time
        : last,
    undefined,
  );
}
