import { createPdfExtractor } from '@berkas/ingest/extraction';
import { makeApplications, type Application } from './documents.ts';
import { type Figure } from './figures.ts';
import { completed, JOB } from './evaluations.ts';
import type { Server } from './server.ts';
import type { System } from './systems.ts';

/** From upload to result with many at once, beside bare extraction of the same files. */
export async function benchThroughput(
  { start }: System,
  { atOnce }: { atOnce: number },
): Promise<Figure[]> {
  const applications = await makeApplications(atOnce);
  // As many uploads at once as are sent: how they are turned away is not what is measured.
  const environment = { BERKAS_MAX_CONCURRENT_UPLOADS: String(atOnce) };
  const server = await start({ environment });
  await screenAll(server, await makeApplications(2));

  const startedAt = performance.now();
  await screenAll(server, applications);
  const evaluationsAMinute = perMinute(atOnce, performance.now() - startedAt);
  await server.stop();

  const extractionsAMinute = await bareExtraction(applications);
  return [
    {
      what: `evaluations a minute, upload to result, ${atOnce} at once`,
      value: evaluationsAMinute.toFixed(0),
    },
    {
      what: 'bare PDF extraction of the same files, pairs a minute',
      value: extractionsAMinute.toFixed(0),
    },
    { what: 'ratio of the two', value: (evaluationsAMinute / extractionsAMinute).toFixed(3) },
  ];
}

/** All are sent at once; then one at a time is asked after, so that asking is not the load. */
async function screenAll({ client }: Server, applications: readonly Application[]): Promise<void> {
  const ids = await Promise.all(
    applications.map(async ({ cv, projectReport }) => {
      const uploaded = await client.upload(cv, projectReport);
      const { id } = await client.evaluate({
        job_title: JOB,
        cv_id: uploaded.cv.id,
        project_report_id: uploaded.project_report.id,
      });
      return id;
    }),
  );
  for (const id of ids) await completed(client, id, 20);
}

/** With as many workers as the server has, warm as the server's are. */
async function bareExtraction(applications: readonly Application[]): Promise<number> {
  const extractor = createPdfExtractor();
  const files = applications.flatMap(({ cv, projectReport }) => [cv, projectReport]);
  const contents = await Promise.all(
    files.map(async (file) => new Uint8Array(await file.arrayBuffer())),
  );
  await Promise.all(contents.slice(0, 4).map((content) => extractor.extract(content)));
  const startedAt = performance.now();
  await Promise.all(contents.map((content) => extractor.extract(content)));
  const tookMs = performance.now() - startedAt;
  await extractor.close();
  return perMinute(applications.length, tookMs);
}

const perMinute = (count: number, tookMs: number): number => (count / tookMs) * 60_000;
