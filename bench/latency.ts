import { makeApplications } from './documents.ts';
import { median, milliseconds, quantile, type Figure } from './figures.ts';
import { coveredMs, startModelProxy } from './model-proxy.ts';
import { evaluateMs, JOB } from './evaluations.ts';
import type { Server } from './server.ts';
import type { System } from './systems.ts';

/** What Berkas adds to the model's own calls: one evaluation at a time, documents already read. */
export async function benchLatency(
  { start }: System,
  { evaluations }: { evaluations: number },
): Promise<Figure[]> {
  const proxy = await startModelProxy();
  const server = await start({ environment: proxy.environment });
  const applications = await makeApplications(evaluations + 1);
  const added: number[] = [];
  const total: number[] = [];
  for (const { cv, project_report } of await uploadAll(server, applications)) {
    proxy.calls.length = 0;
    const wholeMs = await evaluateMs(server.client, cv.id, project_report.id, JOB);
    total.push(wholeMs);
    added.push(wholeMs - coveredMs(proxy.calls));
  }
  await server.stop();
  await proxy.stop();
  return [
    {
      what: `evaluation to completed (${evaluations}, one at a time), median`,
      value: milliseconds(median(total)),
    },
    {
      what: '… added to the model’s own calls, median',
      value: milliseconds(median(added)),
      aim: '< 50 ms',
    },
    {
      what: '… added to the model’s own calls, p95',
      value: milliseconds(quantile(added, 0.95)),
      aim: '< 150 ms',
    },
  ];
}

/** Uploads one after the other and waits until the last is read: they are read in order. */
async function uploadAll(
  server: Server,
  applications: Awaited<ReturnType<typeof makeApplications>>,
) {
  const uploaded = [];
  for (const { cv, projectReport } of applications) {
    uploaded.push(await server.client.upload(cv, projectReport));
  }
  // Documents are read in their order: when the last is evaluated, all are read.
  const last = uploaded.pop();
  if (last !== undefined) {
    await evaluateMs(server.client, last.cv.id, last.project_report.id, JOB);
  }
  return uploaded;
}
