import { delay } from '@berkas/service-kit';
import { makeApplications } from './documents.ts';
import { evaluateMs, JOB } from './evaluations.ts';
import type { Figure } from './figures.ts';
import type { Server } from './server.ts';
import type { System } from './systems.ts';

const CALL_MS = 2000;
/**
 * One at a time in each replica, so that it is the replicas that limit: with its usual 32 one replica
 * would keep both cores of a small machine busy by itself.
 */
const AT_ONCE_IN_A_REPLICA = 1;
/** The first and the last of a backlog do not find every replica at work. */
const COUNTED_FROM = 0.2;
const COUNTED_TO = 0.7;

/** Evaluations a minute by the number of replicas of each evaluator, with a backlog before them. */
export async function benchReplicas(
  { start }: System,
  { replicas, evaluationsEach }: { replicas: readonly number[]; evaluationsEach: number },
): Promise<Figure[]> {
  const rates: number[] = [];
  for (const count of replicas) {
    const server = await start({
      environment: {
        EVALUATOR_CONCURRENCY: String(AT_ONCE_IN_A_REPLICA),
        OFFLINE_MODEL_FAULTS: JSON.stringify({ latencyMs: CALL_MS }),
      },
      replicas: { 'cv-evaluator': count, 'project-evaluator': count, synthesizer: count },
    });
    rates.push(await ratePerMinute(server, count * evaluationsEach));
    await server.stop();
  }
  const [first = Number.NaN] = rates;
  return replicas.flatMap((count, index): Figure[] => {
    const rate = rates[index] ?? Number.NaN;
    const plural = count === 1 ? 'replica' : 'replicas';
    return [
      {
        what: `evaluations a minute with ${count} ${plural} of each evaluator`,
        value: rate.toFixed(1),
      },
      ...(count === 1
        ? []
        : [
            {
              what: `… over one replica`,
              value: `× ${(rate / first).toFixed(2)}`,
              ...(count === 4 ? { aim: '≥ × 3.6' } : {}),
            },
          ]),
    ];
  });
}

async function ratePerMinute({ client }: Server, evaluations: number): Promise<number> {
  const applications = await makeApplications(evaluations + 1);
  const uploaded = [];
  for (const { cv, projectReport } of applications) {
    uploaded.push(await client.upload(cv, projectReport));
  }
  // Documents are read in about their order: when the last is evaluated, all are read.
  const last = uploaded.pop();
  if (last !== undefined) await evaluateMs(client, last.cv.id, last.project_report.id, JOB);
  const ids = await Promise.all(
    uploaded.map(async ({ cv, project_report }) => {
      const request = { job_title: JOB, cv_id: cv.id, project_report_id: project_report.id };
      return (await client.evaluate(request)).id;
    }),
  );
  const closedAt: number[] = [];
  for (const id of ids) closedAt.push(await closingTime(client, id));
  closedAt.sort((left, right) => left - right);
  const from = Math.floor(closedAt.length * COUNTED_FROM);
  const to = Math.floor(closedAt.length * COUNTED_TO);
  const tookMs = (closedAt[to] ?? Number.NaN) - (closedAt[from] ?? Number.NaN);
  return ((to - from) / tookMs) * 60_000;
}

/** Asked for seldom, so that asking is not the load: the result says itself when it was closed. */
async function closingTime(client: Server['client'], id: string): Promise<number> {
  for (;;) {
    const response = await client.result(id);
    if (response.status === 'failed') throw new Error(response.error.reason);
    if (response.status === 'completed') return Date.parse(response.updated_at);
    await delay(200);
  }
}
