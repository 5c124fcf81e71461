import type { ResultResponse } from '@berkas/contracts';
import type { Client } from '../client.ts';
import { describeStage, type Progress } from './progress.ts';

type Finished = Extract<ResultResponse, { status: 'completed' | 'failed' }>;

const POLL_MS = 200;

/** One screening over the API, from the upload to the end of the evaluation. */
export async function screen(options: {
  client: Client;
  cv: File;
  projectReport: File;
  jobTitle: string;
  progress: Progress;
  sleep: (ms: number) => Promise<void>;
}): Promise<Finished> {
  const { client, progress } = options;
  progress.step('Uploading the CV and the project report');
  const uploaded = await client.upload(options.cv, options.projectReport);
  progress.step(`Asking for an evaluation as ${options.jobTitle}`);
  const { id } = await client.evaluate({
    job_title: options.jobTitle,
    cv_id: uploaded.cv.id,
    project_report_id: uploaded.project_report.id,
  });

  let shown: string | undefined;
  for (;;) {
    const response = await client.result(id);
    if (response.status === 'completed') {
      progress.done(`Completed: ${id}`);
      return response;
    }
    if (response.status === 'failed') {
      progress.fail(`Failed: ${id}`);
      return response;
    }
    const stage = describeStage(response);
    if (stage !== undefined && stage !== shown) progress.step(stage);
    shown = stage;
    await options.sleep(POLL_MS);
  }
}
