import { roundOf, WORKERS, type OutgoingEvent, type ServiceState } from '@berkas/contracts';
import { isLive } from './held-up.ts';
import { lastProgressAt, standingView, type KnownFacts } from './known-facts.ts';
import {
  eventOfDocument,
  eventsOfEvaluation,
  type DocumentRecord,
  type EvaluationRecord,
} from './records.ts';

/** The clocks of two machines differ by less; and so does when an event is written and published. */
const MARGIN_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** That every worker gets on with its work, and how far they are. */
export type Quiet = {
  /** Whatever was published before is done with, by every worker. */
  readonly doneBeforeMs: number;
  /** Ids of the evaluations that some worker tries again. */
  readonly retried: ReadonlySet<string>;
};

/** Nothing while any worker is not there, waits for a server, or has not yet caught up once. */
export function quietOf(states: readonly ServiceState[], nowMs: number): Quiet | undefined {
  const live = states.filter((state) => isLive(state, nowMs));
  const drained: number[] = [];
  const retried = new Set<string>();
  for (const worker of WORKERS) {
    const instances = live.filter(({ service }) => service === worker);
    if (instances.length === 0) return undefined;
    for (const { away, drainedAt, retrying } of instances) {
      if (away.length > 0 || drainedAt === undefined) return undefined;
      drained.push(Date.parse(drainedAt));
      for (const { evaluationId } of retrying) retried.add(evaluationId);
    }
  }
  return { doneBeforeMs: Math.min(...drained), retried };
}

/** Whether it cannot be stuck, going by its record alone. */
export const isTooYoung = (
  record: EvaluationRecord,
  quiet: Quiet,
  { nowMs, stuckAfterMs }: { nowMs: number; stuckAfterMs: number },
): boolean => {
  const begunMs = Date.parse(record.reopenedAt ?? record.requestedAt);
  return isRecent(begunMs, quiet, { nowMs, stuckAfterMs });
};

const isRecent = (
  progressMs: number,
  { doneBeforeMs }: Quiet,
  { nowMs, stuckAfterMs }: { nowMs: number; stuckAfterMs: number },
): boolean => nowMs - progressMs <= stuckAfterMs || doneBeforeMs <= progressMs + MARGIN_MS;

export type Judgement = 'closed' | 'stuck' | 'moving';

/**
 * Stuck is one that has not ended although all that was published since it last got on is done
 * with: the log has nothing left for it. One that waits is not.
 */
export function judge(
  facts: KnownFacts,
  quiet: Quiet,
  times: { nowMs: number; stuckAfterMs: number },
): Judgement {
  if (standingView(facts)?.closed !== undefined) return 'closed';
  if (quiet.retried.has(facts.accepted.id)) return 'moving';
  return isRecent(Date.parse(lastProgressAt(facts)), quiet, times) ? 'moving' : 'stuck';
}

/** What is remembered of one that was found stuck. */
export type Suspicion = {
  readonly progressAt: string;
  readonly redriven: number;
  /** Until all is done with that was published up to then, it is left alone. */
  readonly untilMs: number;
};

/**
 * One that is found stuck is looked at again before anything is done, once whatever was under way
 * between two services has arrived; then it is driven again, after ever longer pauses.
 */
export function decideRedrive(
  before: Suspicion | undefined,
  now: { progressAt: string; nowMs: number; quiet: Quiet; stuckAfterMs: number },
): { redrive: boolean; suspicion: Suspicion } {
  const { progressAt, nowMs } = now;
  if (before?.progressAt !== progressAt) {
    return { redrive: false, suspicion: { progressAt, redriven: 0, untilMs: nowMs } };
  }
  if (now.quiet.doneBeforeMs <= before.untilMs) return { redrive: false, suspicion: before };
  const pauseMs = Math.min(LONGEST_PAUSE_MS, now.stuckAfterMs * 2 ** before.redriven);
  const redriven = before.redriven + 1;
  return { redrive: true, suspicion: { progressAt, redriven, untilMs: nowMs + pauseMs } };
}

/**
 * What the gateway knows of it, as it was published before: the same ids, so that whoever has
 * handled it answers with what it answered then.
 */
export function eventsAgain(
  facts: KnownFacts,
  documents: readonly DocumentRecord[],
): OutgoingEvent[] {
  const { accepted, cv, projectReport } = facts;
  const read = new Set(
    [cv, projectReport].flatMap((view) => (view?.ingested === undefined ? [] : [view.id])),
  );
  const round = Math.max(roundOf(accepted), roundOf(standingView(facts) ?? {}));
  return [
    ...documents.filter(({ id }) => !read.has(id)).map(eventOfDocument),
    ...eventsOfEvaluation({ ...accepted, round }),
  ];
}
