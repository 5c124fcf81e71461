import { delay } from '@berkas/service-kit';
import { makeApplications } from './documents.ts';
import { JOB } from './evaluations.ts';
import { mebibytes, type Figure } from './figures.ts';
import type { Server } from './server.ts';
import type { System } from './systems.ts';

/** No answer within the run: what is under way stays so, and everything else queues behind it. */
const NEVER_MS = 3_600_000;
const DOCUMENTS = 8;
/** Fewer than the places that the gateway has. */
const CLIENTS = 16;
const SETTLE_MS = 3000;

/**
 * Resident memory while evaluations pile up before a model that does not answer: a queue lies in the
 * event log, so that ten times as many should cost no more memory.
 */
export async function benchQueued(
  { start }: System,
  { few, many }: { few: number; many: number },
): Promise<Figure[]> {
  const faults = { latencyMs: NEVER_MS };
  const server = await start({ environment: { OFFLINE_MODEL_FAULTS: JSON.stringify(faults) } });
  const documents = await uploadSome(server);
  const atRest = await residentAfter(server, SETTLE_MS);
  await acceptAll(server, documents, few);
  const withFew = await residentAfter(server, SETTLE_MS);
  const tookMs = await acceptAll(server, documents, many - few);
  const withMany = await residentAfter(server, SETTLE_MS);
  await server.stop();
  return [
    { what: 'resident with nothing queued', value: mebibytes(atRest) },
    { what: `… with ${few} evaluations queued`, value: mebibytes(withFew) },
    { what: `… with ${many} evaluations queued`, value: mebibytes(withMany) },
    {
      what: `${many} over ${few} queued`,
      value: `× ${(withMany / withFew).toFixed(3)}`,
      aim: '< × 1.1',
    },
    {
      what: `accepted a second, ${CLIENTS} clients`,
      value: (((many - few) / tookMs) * 1000).toFixed(0),
    },
  ];
}

type Uploaded = Awaited<ReturnType<Server['client']['upload']>>;

async function uploadSome({ client }: Server): Promise<Uploaded[]> {
  const uploaded: Uploaded[] = [];
  for (const { cv, projectReport } of await makeApplications(DOCUMENTS)) {
    uploaded.push(await client.upload(cv, projectReport));
  }
  return uploaded;
}

/** Answers how many milliseconds it took until all were accepted. Documents are shared. */
async function acceptAll(
  { client }: Server,
  documents: readonly Uploaded[],
  count: number,
): Promise<number> {
  const startedAt = performance.now();
  let next = 0;
  const accept = async (): Promise<void> => {
    while (next < count) {
      const document = documents[next % documents.length];
      next += 1;
      if (document === undefined) throw new Error('There is no document to evaluate.');
      await client.evaluate({
        job_title: JOB,
        cv_id: document.cv.id,
        project_report_id: document.project_report.id,
      });
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, accept));
  return performance.now() - startedAt;
}

/** What is read ahead is read, and what is garbage has had time to be collected. */
async function residentAfter(server: Server, settleMs: number): Promise<number> {
  await delay(settleMs);
  return server.residentBytes();
}
