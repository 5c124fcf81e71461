import type { Client } from '@berkas/cli/client';
import { delay } from '@berkas/service-kit';
import type { Server } from './server.ts';

/** The highest resident memory while `work` goes on, looked at every 10 ms. */
export async function peakResidentBytes(server: Server, work: Promise<unknown>): Promise<number> {
  let peak = await server.residentBytes();
  const ended = work.then(() => 'ended' as const);
  for (;;) {
    if ((await Promise.race([ended, delay(10)])) === 'ended') return peak;
    peak = Math.max(peak, await server.residentBytes());
  }
}

/** Often enough to tell milliseconds apart, seldom enough not to be the load itself. */
const POLL_MS = 5;

/** Milliseconds from `POST /evaluate` to a result; throws with the reason when it failed. */
export async function evaluateMs(
  client: Client,
  cvId: string,
  projectReportId: string,
  jobTitle: string,
  pollMs = POLL_MS,
): Promise<number> {
  const startedAt = performance.now();
  const { id } = await client.evaluate({
    job_title: jobTitle,
    cv_id: cvId,
    project_report_id: projectReportId,
  });
  await completed(client, id, pollMs);
  return performance.now() - startedAt;
}

export async function completed(client: Client, id: string, pollMs: number): Promise<void> {
  for (;;) {
    const response = await client.result(id);
    if (response.status === 'completed') return;
    if (response.status === 'failed') throw new Error(response.error.reason);
    await delay(pollMs);
  }
}

export const JOB = 'Product Engineer (Backend)';
