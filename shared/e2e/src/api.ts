import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  EvaluateResponse,
  ResultResponse,
  UploadResponse,
  type EvaluateRequest,
} from '@berkas/contracts';
import { delay } from '@berkas/service-kit';

export const BACKEND_JOB = 'Product Engineer (Backend)';

/** The API as a client sees it, over HTTP alone. */
export function createApi(url: string) {
  const post = (path: string, init: RequestInit): Promise<Response> =>
    fetch(new URL(path, url), { method: 'POST', ...init });

  const uploadFiles = async (
    cvPath: string,
    reportPath: string,
    headers: Record<string, string> = {},
  ): Promise<Response> => {
    const body = new FormData();
    body.set('cv', await fileAt(cvPath));
    body.set('project_report', await fileAt(reportPath));
    return post('/upload', { body, headers });
  };

  const evaluate = (
    request: EvaluateRequest,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    post('/evaluate', {
      body: JSON.stringify(request),
      headers: { 'content-type': 'application/json', ...headers },
    });

  const upload = async (cvPath: string, reportPath: string): Promise<UploadResponse> =>
    UploadResponse.parse(await (await uploadFiles(cvPath, reportPath)).json());

  const request = async (uploaded: UploadResponse, job = BACKEND_JOB): Promise<string> => {
    const response = await evaluate({
      job_title: job,
      cv_id: uploaded.cv.id,
      project_report_id: uploaded.project_report.id,
    });
    return EvaluateResponse.parse(await response.json()).id;
  };

  const result = async (id: string): Promise<ResultResponse> =>
    ResultResponse.parse(await (await fetch(new URL(`/result/${id}`, url))).json());

  /** Polls until it has ended; the test's own time limit is the limit. */
  const ended = async (id: string) => {
    for (;;) {
      const response = await result(id);
      if (response.status === 'completed' || response.status === 'failed') return response;
      await delay(20);
    }
  };

  return {
    url,
    uploadFiles,
    evaluate,
    upload,
    request,
    result,
    ended,
    get: (path: string) => fetch(new URL(path, url)),
    /** Upload, evaluate, wait: the main job in one call. */
    screen: async (cvPath: string, reportPath: string) =>
      ended(await request(await upload(cvPath, reportPath))),
    /** As `screen`, where anything but `completed` fails the test with its reason. */
    completed: async (cvPath: string, reportPath: string) => {
      const response = await ended(await request(await upload(cvPath, reportPath)));
      if (response.status === 'completed') return response;
      throw new Error(`${response.error.code}: ${response.error.reason}`);
    },
  };
}

export async function fileAt(path: string): Promise<File> {
  return new File([await readFile(path)], basename(path), { type: 'application/pdf' });
}
