import { makeApplications } from './documents.ts';
import { median, milliseconds, type Figure } from './figures.ts';
import { evaluateMs, JOB } from './evaluations.ts';
import type { System } from './systems.ts';

const CALL_MS = 1000;
/** Twenty who ask every few milliseconds would be the load that is measured. */
const POLL_MANY_MS = 50;
/** CV and report are scored side by side, then the summary is written. */
const LONGEST_CHAIN = 2;

/** A model that takes a second a call: waiting is not work, so twenty should take as long as one. */
export async function benchSlowModel(
  { start }: System,
  { repetitions, atOnce }: { repetitions: number; atOnce: number },
): Promise<Figure[]> {
  const faults = { latencyMs: CALL_MS, embeddingLatencyMs: CALL_MS };
  const environment = { OFFLINE_MODEL_FAULTS: JSON.stringify(faults) };
  const server = await start({ environment });
  const applications = await makeApplications(2 + repetitions + atOnce);
  const uploaded = await Promise.all(
    applications.map(({ cv, projectReport }) => server.client.upload(cv, projectReport)),
  );
  const evaluate = ({ cv, project_report }: (typeof uploaded)[number], pollMs?: number) =>
    evaluateMs(server.client, cv.id, project_report.id, JOB, pollMs);

  // Documents are read in about the order of their upload: two of the last warm everything up.
  for (const application of uploaded.splice(-2)) await evaluate(application);
  const one: number[] = [];
  for (const application of uploaded.splice(0, repetitions)) one.push(await evaluate(application));
  const startedAt = performance.now();
  await Promise.all(uploaded.map((application) => evaluate(application, POLL_MANY_MS)));
  const manyMs = performance.now() - startedAt;
  await server.stop();

  const chainMs = LONGEST_CHAIN * CALL_MS;
  return [
    { what: 'one evaluation, model at 1 s a call, median', value: milliseconds(median(one)) },
    {
      what: `… over the longest chain of calls (${chainMs} ms)`,
      value: `× ${(median(one) / chainMs).toFixed(3)}`,
      aim: '< × 1.1',
    },
    {
      what: `${atOnce} evaluations at once, until the last is completed`,
      value: milliseconds(manyMs),
    },
    { what: '… over one', value: `× ${(manyMs / median(one)).toFixed(3)}`, aim: '< × 1.5' },
  ];
}
