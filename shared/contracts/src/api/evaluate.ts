import { z } from 'zod';
import { DocumentId, EvaluationId } from '../ids.ts';

export const EvaluateRequest = z.strictObject({
  job_title: z.string().trim().max(200).regex(/\S/, 'Give a job title.'),
  cv_id: DocumentId,
  project_report_id: DocumentId,
});
export type EvaluateRequest = z.infer<typeof EvaluateRequest>;

export const EvaluateResponse = z.object({ id: EvaluationId, status: z.literal('queued') });
export type EvaluateResponse = z.infer<typeof EvaluateResponse>;
