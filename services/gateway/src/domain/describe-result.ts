import {
  describeFailure,
  type DocumentView,
  type EvaluationView,
  type ResultResponse,
  type StageProgress,
} from '@berkas/contracts';
import type { EvaluationRecord } from './records.ts';

/** All that is known of one evaluation; a view is missing until the first of its events is read. */
export type KnownFacts = {
  readonly accepted: EvaluationRecord;
  readonly evaluation: EvaluationView | undefined;
  readonly cv: DocumentView | undefined;
  readonly projectReport: DocumentView | undefined;
};

/**
 * What people see of an evaluation. Topics are read side by side, so a later fact may be known
 * before an earlier one: the furthest fact decides.
 */
export function describeResult(facts: KnownFacts): ResultResponse {
  const { accepted, evaluation } = facts;
  const about = {
    id: accepted.id,
    job_title: accepted.jobTitle,
    requested_at: accepted.requestedAt,
    updated_at: latest(timesOf(facts)) ?? accepted.requestedAt,
  };
  const closed = evaluation?.closed;
  if (closed?.outcome === 'completed') {
    return { ...about, status: 'completed', result: closed.result };
  }
  if (closed?.outcome === 'failed') {
    const error = { ...closed.failure, reason: describeFailure(closed.failure) };
    return { ...about, status: 'failed', error };
  }
  const scoring = evaluation === undefined ? undefined : progressOfScoring(evaluation);
  return scoring === undefined
    ? { ...about, status: 'queued', stage: progressOfReading(facts) }
    : { ...about, status: 'processing', stage: scoring };
}

function progressOfReading({ accepted, cv, projectReport }: KnownFacts): StageProgress {
  const waiting: StageProgress['waiting_for'] = [];
  if (cv?.ingested === undefined) waiting.push('cv');
  if (projectReport?.ingested === undefined) waiting.push('project_report');
  return { name: 'reading', waiting_for: waiting, since: accepted.requestedAt, held_up: [] };
}

/** Nothing while the documents are still being read. */
function progressOfScoring(view: EvaluationView): StageProgress | undefined {
  const { prepared, cvEvaluated, projectEvaluated } = view;
  if (cvEvaluated !== undefined && projectEvaluated !== undefined) {
    const since = latest([cvEvaluated.at, projectEvaluated.at]) ?? cvEvaluated.at;
    return { name: 'summarizing', waiting_for: ['summary'], since, held_up: [] };
  }
  const since = prepared?.at ?? cvEvaluated?.at ?? projectEvaluated?.at;
  if (since === undefined) return undefined;
  const waiting: StageProgress['waiting_for'] = [];
  if (cvEvaluated === undefined) waiting.push('cv_scores');
  if (projectEvaluated === undefined) waiting.push('project_scores');
  return { name: 'scoring', waiting_for: waiting, since, held_up: [] };
}

function timesOf({ accepted, evaluation, cv, projectReport }: KnownFacts): string[] {
  return [
    accepted.requestedAt,
    cv?.ingested?.at,
    projectReport?.ingested?.at,
    evaluation?.prepared?.at,
    evaluation?.cvEvaluated?.at,
    evaluation?.projectEvaluated?.at,
    evaluation?.closed?.at,
  ].filter((time) => time !== undefined);
}

/** ISO times may differ in their fraction, so they are compared as instants. */
function latest(times: readonly string[]): string | undefined {
  return times.reduce<string | undefined>(
    (last, time) => (last === undefined || Date.parse(time) > Date.parse(last) ? time : last),
    undefined,
  );
}
