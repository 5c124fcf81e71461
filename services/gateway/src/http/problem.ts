import type { Problem, ProblemCode } from '@berkas/contracts';
import { BerkasError } from '@berkas/service-kit';
import type { z } from 'zod';

/**
 * The status and title of each problem, the only place that decides them. A reference inside a body
 * that cannot be followed is 422, since the address asked for exists; 404 is for the address alone.
 */
export const PROBLEMS: Readonly<Record<ProblemCode, { status: number; title: string }>> = {
  body_malformed: { status: 400, title: 'The body cannot be read' },
  field_invalid: { status: 400, title: 'A field is wrong' },
  part_missing: { status: 400, title: 'A part is missing' },
  part_repeated: { status: 400, title: 'A part is there twice' },
  part_unknown: { status: 400, title: 'A part is not known' },
  file_empty: { status: 400, title: 'A file is empty' },
  file_not_pdf: { status: 415, title: 'A file is not a PDF' },
  file_too_large: { status: 413, title: 'A file is too large' },
  job_unknown: { status: 422, title: 'The job is not known' },
  document_unknown: { status: 422, title: 'A document is not known' },
  document_wrong_kind: { status: 422, title: 'A document is of the other kind' },
  evaluation_unknown: { status: 404, title: 'The evaluation is not known' },
  idempotency_key_reused: { status: 409, title: 'The idempotency key stands for another request' },
  idempotency_key_invalid: { status: 400, title: 'The idempotency key is wrong' },
  idempotency_key_in_use: { status: 409, title: 'The idempotency key is in use' },
  media_type_unsupported: { status: 415, title: 'The content type is not supported' },
  body_too_large: { status: 413, title: 'The body is too large' },
  path_unknown: { status: 404, title: 'The address is not known' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  dead_letter_unknown: { status: 404, title: 'The dead letter is not known' },
  dead_letter_settled: { status: 409, title: 'The dead letter is settled already' },
  operator_only: { status: 403, title: 'For operators only' },
  too_many_queued: { status: 429, title: 'Too many evaluations wait already' },
  overloaded: { status: 503, title: 'Too many requests at once' },
  not_ready: { status: 503, title: 'Not ready' },
  internal_error: { status: 500, title: 'Something went wrong in Berkas itself' },
};

export type FieldError = { readonly field: string; readonly message: string };

/** A request that cannot be served, as its sender is told: what is wrong and what to do. */
export class HttpProblem extends BerkasError {
  override readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: readonly FieldError[]; headers?: Record<string, string> } = {},
  ) {
    super(detail, { code, retryable: PROBLEMS[code].status >= 500 });
    this.code = code;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

/** RFC 9457. The type is a name and no address: nothing has to be served under it. */
export function problemBody({ code, message, errors }: HttpProblem): Problem {
  return {
    type: `urn:berkas:problem:${code}`,
    ...PROBLEMS[code],
    detail: message,
    code,
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
  };
}

/** Names every wrong field of a body or path that was checked against a schema. */
export function fieldProblem(error: z.ZodError, given: unknown): HttpProblem {
  const errors = error.issues.flatMap((issue): FieldError[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: [...issue.path, key].map(String).join('.').slice(0, 100),
        message: 'Not a known field; leave it out.',
      }));
    }
    const field = issue.path.map(String).join('.');
    const isMissing = issue.path.length > 0 && valueAt(given, issue.path) === undefined;
    return [
      { field: field === '' ? 'body' : field, message: isMissing ? 'Required.' : issue.message },
    ];
  });
  const fields = errors.map(({ field }) => field).join(', ');
  return new HttpProblem(
    'field_invalid',
    `Wrong here: ${fields}. See "errors" for what each should be, correct them and send it again.`,
    { errors },
  );
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    given,
  );
}
