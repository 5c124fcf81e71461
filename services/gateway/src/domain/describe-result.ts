import {
  describeFailure,
  type EvaluationView,
  type ResultResponse,
  type StageProgress,
} from '@berkas/contracts';
import { heldUp, type ServicesNow } from './held-up.ts';
import { begunAt, lastProgressAt, latest, standingView, type KnownFacts } from './known-facts.ts';

type Stage = Omit<StageProgress, 'held_up'>;

/**
 * What people see of an evaluation. Topics are read side by side, so a later fact may be known
 * before an earlier one: the furthest fact decides.
 */
export function describeResult(facts: KnownFacts, services: ServicesNow): ResultResponse {
  const { accepted } = facts;
  const about = {
    id: accepted.id,
    job_title: accepted.jobTitle,
    requested_at: accepted.requestedAt,
    updated_at: lastProgressAt(facts),
  };
  const view = standingView(facts);
  const closed = view?.closed;
  if (closed?.outcome === 'completed') {
    return { ...about, status: 'completed', result: closed.result };
  }
  if (closed?.outcome === 'failed') {
    const error = { ...closed.failure, reason: describeFailure(closed.failure) };
    return { ...about, status: 'failed', error };
  }
  const scoring = view === undefined ? undefined : progressOfScoring(view);
  const stage = scoring ?? progressOfReading(facts);
  return {
    ...about,
    status: scoring === undefined ? 'queued' : 'processing',
    stage: { ...stage, held_up: heldUp(accepted, stage, services) },
  };
}

function progressOfReading(facts: KnownFacts): Stage {
  const { cv, projectReport } = facts;
  const waiting: Stage['waiting_for'] = [];
  if (cv?.ingested === undefined) waiting.push('cv');
  if (projectReport?.ingested === undefined) waiting.push('project_report');
  return { name: 'reading', waiting_for: waiting, since: begunAt(facts) };
}

/** Nothing while the documents are still being read. */
function progressOfScoring(view: EvaluationView): Stage | undefined {
  const { prepared, cvEvaluated, projectEvaluated } = view;
  if (cvEvaluated !== undefined && projectEvaluated !== undefined) {
    const since = latest([cvEvaluated.at, projectEvaluated.at]) ?? cvEvaluated.at;
    return { name: 'summarizing', waiting_for: ['summary'], since };
  }
  const since = prepared?.at ?? cvEvaluated?.at ?? projectEvaluated?.at;
  if (since === undefined) return undefined;
  const waiting: Stage['waiting_for'] = [];
  if (cvEvaluated === undefined) waiting.push('cv_scores');
  if (projectEvaluated === undefined) waiting.push('project_scores');
  return { name: 'scoring', waiting_for: waiting, since };
}
