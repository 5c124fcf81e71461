import {
  SERVICE_STATE_LASTS_MS,
  type HeldUp,
  type ServiceState,
  type StageProgress,
  type WorkerName,
} from '@berkas/contracts';
import type { EvaluationRecord } from './records.ts';

/** What the services last said of themselves, and when it is looked at. */
export type ServicesNow = { readonly states: readonly ServiceState[]; readonly now: Date };

type Stage = Pick<StageProgress, 'name' | 'waiting_for' | 'since'>;
type About = Stage & { readonly evaluationId: string };

/** An outbox that was tried that often in vain is waited for. */
const PUBLISHED_WITHIN_MS = 10_000;

const WORK: Record<WorkerName, { readonly whoever: string; readonly doing: string }> = {
  ingest: { whoever: 'reads documents', doing: 'Reading' },
  'cv-evaluator': { whoever: 'scores CVs', doing: 'Scoring the CV' },
  'project-evaluator': { whoever: 'scores project reports', doing: 'Scoring the project report' },
  synthesizer: { whoever: 'writes summaries', doing: 'Writing the summary' },
  status: { whoever: 'records what was done', doing: 'Recording what was done' },
};

/**
 * Why an unfinished evaluation gets on no further for now: of each service whose turn it is the one
 * reason that explains most. Empty while nothing keeps it but the work itself.
 */
export function heldUp(
  accepted: EvaluationRecord,
  stage: Stage,
  { states, now }: ServicesNow,
): HeldUp[] {
  const nowMs = now.getTime();
  // Further on its event was published, whatever its record says.
  if (accepted.state === 'accepted' && stage.name === 'reading') {
    return heldUpInOutbox(accepted, nowMs);
  }
  const about = { ...stage, evaluationId: accepted.id };
  return turnOf(stage).flatMap((service) => {
    const instances = states.filter((state) => state.service === service);
    const live = instances.filter((state) => isLive(state, nowMs));
    return (
      serviceAway(service, { instances, live }, about, nowMs) ??
      dependencyAway(service, live) ??
      tryingAgain(service, live, about) ??
      []
    );
  });
}

/** Whether it was heard of lately. */
export const isLive = ({ seenAt }: ServiceState, nowMs: number): boolean =>
  nowMs - Date.parse(seenAt) <= SERVICE_STATE_LASTS_MS;

function heldUpInOutbox(accepted: EvaluationRecord, nowMs: number): HeldUp[] {
  const since = accepted.reopenedAt ?? accepted.requestedAt;
  if (nowMs - Date.parse(since) <= PUBLISHED_WITHIN_MS) return [];
  const detail = 'The event log has not taken the request yet.';
  return [{ service: 'gateway', reason: 'dependency_away', since, detail }];
}

/** Whoever does the next step; and whoever records it, without whom nobody sees that it was done. */
function turnOf({ name, waiting_for }: Stage): WorkerName[] {
  switch (name) {
    case 'reading':
      return ['ingest', 'status'];
    case 'scoring':
      return [
        ...(waiting_for.includes('cv_scores') ? (['cv-evaluator'] as const) : []),
        ...(waiting_for.includes('project_scores') ? (['project-evaluator'] as const) : []),
        'status',
      ];
    case 'summarizing':
      return ['synthesizer', 'status'];
  }
}

function serviceAway(
  service: WorkerName,
  { instances, live }: { instances: readonly ServiceState[]; live: readonly ServiceState[] },
  { since }: Stage,
  nowMs: number,
): HeldUp | undefined {
  if (live.length > 0) return undefined;
  const lastSeen = ordered(instances.map(({ seenAt }) => seenAt)).at(-1);
  // An instance that was stopped says nothing any more, and the next one has its time to start.
  const isStarting = nowMs - Date.parse(since) <= SERVICE_STATE_LASTS_MS;
  if (lastSeen === undefined && isStarting) return undefined;
  const detail = `No service that ${WORK[service].whoever} is running.`;
  return { service, reason: 'service_away', since: lastSeen ?? since, detail };
}

/** One instance that can work is enough. */
function dependencyAway(service: WorkerName, live: readonly ServiceState[]): HeldUp | undefined {
  if (live.some(({ away }) => away.length === 0)) return undefined;
  const away = live.flatMap((state) => state.away);
  const [since] = ordered(away.map((dependency) => dependency.since));
  if (since === undefined) return undefined;
  const names = [...new Set(away.map(({ name }) => name))];
  const verb = names.length > 1 ? 'do' : 'does';
  const detail = capitalized(`${listed(names.map(withArticle))} ${verb} not answer.`);
  return { service, reason: 'dependency_away', since, detail };
}

function tryingAgain(
  service: WorkerName,
  live: readonly ServiceState[],
  { evaluationId }: About,
): HeldUp | undefined {
  const [first] = live
    .flatMap(({ retrying }) => retrying)
    .filter((retrying) => retrying.evaluationId === evaluationId)
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
  if (first === undefined) return undefined;
  const { code, since } = first;
  const detail = `${WORK[service].doing} has not succeeded yet (${code}) and is tried again.`;
  return { service, reason: 'trying_again', since, detail };
}

const ordered = (times: readonly string[]): string[] =>
  [...times].sort((a, b) => Date.parse(a) - Date.parse(b));

/** A server has a name of its own; anything else is a thing. */
const withArticle = (name: string): string => (/^[a-z]/.test(name) ? `the ${name}` : name);
const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
