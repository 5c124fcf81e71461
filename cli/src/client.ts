import {
  DeadLetterDetail,
  DeadLettersResponse,
  EvaluateResponse,
  JobsResponse,
  Problem,
  RedriveResponse,
  ResultResponse,
  UploadResponse,
  type DeadLetterState,
  type EvaluateRequest,
} from '@berkas/contracts';
import { BerkasError } from '@berkas/service-kit';
import type { z } from 'zod';

/** The server understood the request and said no; `detail` says what to do. */
export class ApiError extends BerkasError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    const fields = (problem.errors ?? []).map(({ field, message }) => `\n  ${field}: ${message}`);
    super(problem.detail + fields.join(''), {
      code: problem.code,
      retryable: problem.status >= 500,
    });
    this.problem = problem;
  }
}

/** No answer, or one that is not from Berkas. */
export class ServerError extends BerkasError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'server_unreachable', retryable: true, cause });
  }
}

export interface Client {
  readonly url: string;
  jobs(): Promise<JobsResponse>;
  upload(cv: File, projectReport: File): Promise<UploadResponse>;
  evaluate(request: EvaluateRequest): Promise<EvaluateResponse>;
  result(id: string): Promise<ResultResponse>;
  /** One page of those in a state; `next` of the answer is the `after` of the page that follows. */
  deadLetters(state: DeadLetterState, after?: string): Promise<DeadLettersResponse>;
  deadLetter(id: string): Promise<DeadLetterDetail>;
  redrive(id: string): Promise<RedriveResponse>;
  drop(id: string): Promise<RedriveResponse>;
}

type Init = Omit<RequestInit, 'headers'> & { headers?: Readonly<Record<string, string>> };

/**
 * The REST API as functions. They reject with `ApiError` or `ServerError`; at once after `signal`.
 * The token is what lets operators in.
 */
export function createClient(url: string, signal?: AbortSignal, token?: string): Client {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const call = async <Answer>(
    path: string,
    schema: z.ZodType<Answer>,
    init: Init = {},
  ): Promise<Answer> => {
    let status: number;
    let body: unknown;
    try {
      const response = await fetch(new URL(path, url), {
        ...init,
        headers: { ...authorization, ...init.headers },
        ...(signal === undefined ? {} : { signal }),
      });
      status = response.status;
      body = await response.json();
    } catch (error) {
      throw new ServerError(
        `No usable answer from ${url}. Is a Berkas server running there?`,
        error,
      );
    }
    if (status < 400) return schema.parse(body);
    const problem = Problem.safeParse(body);
    if (problem.success) throw new ApiError(problem.data);
    throw new ServerError(`${url} answered ${status}, and not as Berkas does.`);
  };

  const decide = (id: string, decision: 'redrive' | 'drop'): Promise<RedriveResponse> =>
    call(`/dead-letters/${encodeURIComponent(id)}/${decision}`, RedriveResponse, {
      method: 'POST',
    });

  return {
    url,
    jobs: () => call('/jobs', JobsResponse),
    upload: (cv, projectReport) => {
      const body = new FormData();
      body.set('cv', cv);
      body.set('project_report', projectReport);
      return call('/upload', UploadResponse, { method: 'POST', body });
    },
    evaluate: (request) =>
      call('/evaluate', EvaluateResponse, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      }),
    result: (id) => call(`/result/${id}`, ResultResponse),
    deadLetters: (state, after) => {
      const query = new URLSearchParams({ state, limit: '200', ...(after && { after }) });
      return call(`/dead-letters?${query.toString()}`, DeadLettersResponse);
    },
    deadLetter: (id) => call(`/dead-letters/${encodeURIComponent(id)}`, DeadLetterDetail),
    redrive: (id) => decide(id, 'redrive'),
    drop: (id) => decide(id, 'drop'),
  };
}
