import { z } from 'zod';

/** Stable names of what can go wrong at the API, each with its HTTP status in the gateway. */
export const ProblemCode = z.enum([
  'body_malformed',
  'field_invalid',
  'part_missing',
  'part_repeated',
  'part_unknown',
  'file_empty',
  'file_not_pdf',
  'file_too_large',
  'job_unknown',
  'document_unknown',
  'document_wrong_kind',
  'evaluation_unknown',
  'idempotency_key_reused',
  'idempotency_key_invalid',
  'idempotency_key_in_use',
  'media_type_unsupported',
  'body_too_large',
  'path_unknown',
  'method_not_allowed',
  'dead_letter_unknown',
  'dead_letter_settled',
  'operator_only',
  'too_many_queued',
  'overloaded',
  'not_ready',
  'internal_error',
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

/** RFC 9457 problem details. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: ProblemCode,
  /** Which fields or parts are wrong, each with what to do about it. */
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
