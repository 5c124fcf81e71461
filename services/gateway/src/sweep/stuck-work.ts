import {
  LIVE_RUN,
  roundOf,
  viewId,
  type DocumentView,
  type EvaluationView,
  type OutgoingEvent,
  type ServiceState,
} from '@berkas/contracts';
import type { Clock, Logger } from '@berkas/service-kit';
import type { Collection } from '@berkas/storage';
import { lastProgressAt, type KnownFacts } from '../domain/known-facts.ts';
import type { DocumentRecord, EvaluationRecord } from '../domain/records.ts';
import {
  decideRedrive,
  eventsAgain,
  isTooYoung,
  judge,
  quietOf,
  type Quiet,
  type Suspicion,
} from '../domain/stuck-work.ts';

export type StuckWorkDeps = {
  readonly evaluations: Collection<EvaluationRecord>;
  readonly documents: Collection<DocumentRecord>;
  readonly evaluationViews: Collection<EvaluationView>;
  readonly documentViews: Collection<DocumentView>;
  readonly serviceStates: Collection<ServiceState>;
  readonly publish: (events: readonly OutgoingEvent[]) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long an evaluation has to be without progress. */
  readonly stuckAfterMs: number;
};

const PAGE = 100;
/** In one sweep; the next one goes on where it stopped. */
const MOST_PAGES = 10;
const MOST_REDRIVEN = 50;

/**
 * Finds open evaluations for which the log has nothing left, and publishes again what the gateway
 * knows of them. Several gateways may do so at once: the events are the same ones.
 */
export function createStuckWork(deps: StuckWorkDeps): { sweep(): Promise<void> } {
  const { evaluations, clock, logger, stuckAfterMs } = deps;
  let afterId: string | undefined;
  let suspicions = new Map<string, Suspicion>();
  /** Those of the round through all of them that is under way: what is not found again is dropped. */
  let next = new Map<string, Suspicion>();

  const nextPage = (): Promise<EvaluationRecord[]> =>
    evaluations.find({
      where: { state: 'published' },
      limit: PAGE,
      ...(afterId === undefined ? {} : { afterId }),
    });

  /** Answers the events of one that is to be driven again. */
  const look = async (record: EvaluationRecord, quiet: Quiet): Promise<OutgoingEvent[]> => {
    const nowMs = clock.now().getTime();
    if (isTooYoung(record, quiet, { nowMs, stuckAfterMs })) return [];
    const facts = await factsOf(deps, record);
    const judgement = judge(facts, quiet, { nowMs, stuckAfterMs });
    if (judgement === 'closed') await close(evaluations, record);
    if (judgement !== 'stuck') return [];
    const progressAt = lastProgressAt(facts);
    const now = { progressAt, nowMs, quiet, stuckAfterMs };
    const { redrive, suspicion } = decideRedrive(suspicions.get(record.id), now);
    next.set(record.id, suspicion);
    return redrive ? eventsAgain(facts, await documentsOf(deps, record)) : [];
  };

  const beginAnew = (): void => {
    afterId = undefined;
    suspicions = next;
    next = new Map();
  };

  return {
    sweep: async () => {
      const states = await deps.serviceStates.find({ limit: 1000 });
      const quiet = quietOf(states, clock.now().getTime());
      if (quiet === undefined) return;
      const again: { id: string; events: OutgoingEvent[] }[] = [];
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const page = await nextPage();
        for (const record of page) {
          const events = await look(record, quiet);
          if (events.length > 0) again.push({ id: record.id, events });
          afterId = record.id;
          if (again.length >= MOST_REDRIVEN) break;
        }
        if (again.length >= MOST_REDRIVEN) break;
        if (page.length < PAGE) {
          beginAnew();
          break;
        }
      }
      if (again.length === 0) return;
      const ids = again.map(({ id }) => id);
      logger.warn({ evaluations: ids }, 'stuck: nothing was left for them, published again');
      await deps.publish(again.flatMap(({ events }) => events));
    },
  };
}

async function factsOf(deps: StuckWorkDeps, accepted: EvaluationRecord): Promise<KnownFacts> {
  const [evaluation, cv, projectReport] = await Promise.all([
    deps.evaluationViews.get(viewId(accepted.id, LIVE_RUN)),
    deps.documentViews.get(accepted.cvId),
    deps.documentViews.get(accepted.projectReportId),
  ]);
  return { accepted, evaluation, cv, projectReport };
}

async function documentsOf(
  { documents }: StuckWorkDeps,
  { cvId, projectReportId }: EvaluationRecord,
): Promise<DocumentRecord[]> {
  const found = await Promise.all([documents.get(cvId), documents.get(projectReportId)]);
  return found.flatMap((document) => document ?? []);
}

/** So that it is not looked at again; one that was reopened in between stays open. */
async function close(
  evaluations: Collection<EvaluationRecord>,
  record: EvaluationRecord,
): Promise<void> {
  await evaluations.modify(record.id, (current = record) =>
    current.state === 'published' && roundOf(current) === roundOf(record)
      ? { ...current, state: 'closed' }
      : current,
  );
}
