import { delay } from '@berkas/service-kit';
import { ResultResponse, UploadResponse, EvaluateResponse } from '@berkas/contracts';
import type { z } from 'zod';
import type { Chance } from './random.ts';

/** The server says that the request itself is wrong: it is not, so this is a defect. */
export class Refused extends Error {}

export interface Client {
  upload(cv: File, projectReport: File, key: string): Promise<UploadResponse>;
  evaluate(cvId: string, projectReportId: string, key: string): Promise<EvaluateResponse>;
  /** Asked once; nothing where there was no usable answer. */
  result(id: string): Promise<ResultResponse | undefined>;
  /** Requests that had to be sent again. */
  readonly repeats: number;
}

export const JOB = 'Product Engineer (Backend)';

const ANSWERED_WITHIN_MS = 10_000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;
/** Of those below 500: too early, too many, or the same key is being served at this moment. */
const TRY_AGAIN = new Set([408, 425, 429]);

/**
 * A client that does not give up: the same key again on a broken connection, 5xx and 429, on any of
 * the gateways, until it is answered or the signal is aborted.
 */
export function createClient(options: {
  readonly urls: readonly string[];
  readonly chance: Chance;
  readonly signal: AbortSignal;
}): Client {
  const { urls, chance, signal } = options;
  let repeats = 0;

  const once = (path: string, init: RequestInit): Promise<Response> =>
    fetch(new URL(path, chance.pick(urls)), {
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWERED_WITHIN_MS)]),
    });

  const post = async <Answer>(
    path: string,
    schema: z.ZodType<Answer>,
    makeInit: () => RequestInit,
  ): Promise<Answer> => {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      signal.throwIfAborted();
      let askedMs = 0;
      try {
        const response = await once(path, { method: 'POST', ...makeInit() });
        const body: unknown = await response.json();
        if (response.ok) return schema.parse(body);
        if (!mayPass(response.status, body)) {
          throw new Refused(`POST ${path} answered ${response.status}: ${JSON.stringify(body)}`);
        }
        askedMs = Number(response.headers.get('retry-after') ?? 0) * 1000;
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      repeats += 1;
      await delay(Math.min(LONGEST_WAIT_MS, askedMs) + chance.next() * waitMs, signal);
    }
  };

  return {
    get repeats() {
      return repeats;
    },
    upload: (cv, projectReport, key) =>
      post('/upload', UploadResponse, () => {
        const body = new FormData();
        body.set('cv', cv);
        body.set('project_report', projectReport);
        return { body, headers: { 'idempotency-key': key } };
      }),
    evaluate: (cvId, projectReportId, key) =>
      post('/evaluate', EvaluateResponse, () => ({
        body: JSON.stringify({ job_title: JOB, cv_id: cvId, project_report_id: projectReportId }),
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
      })),
    result: async (id) => {
      try {
        const response = await once(`/result/${id}`, {});
        const body: unknown = await response.json();
        if (response.ok) return ResultResponse.parse(body);
        if (!mayPass(response.status, body)) {
          throw new Refused(`GET /result/${id} answered ${response.status}`);
        }
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      return undefined;
    },
  };
}

const mayPass = (status: number, body: unknown): boolean =>
  status >= 500 ||
  TRY_AGAIN.has(status) ||
  (body as { code?: string }).code === 'idempotency_key_in_use';
