import { z } from 'zod';
import { Failure } from '../failure.ts';
import { EvaluationId } from '../ids.ts';
import { EvaluationResult } from '../result.ts';

/** What an unfinished evaluation is doing, what it waits for, and since when. */
export const StageProgress = z.object({
  name: z.enum(['reading', 'scoring', 'summarizing']),
  waiting_for: z.array(z.enum(['cv', 'project_report', 'cv_scores', 'project_scores', 'summary'])),
  since: z.iso.datetime(),
});
export type StageProgress = z.infer<typeof StageProgress>;

/** A failure as people see it: the code and details with a reason in words. */
export const FailureReport = Failure.extend({ reason: z.string() });
export type FailureReport = z.infer<typeof FailureReport>;

const about = {
  id: EvaluationId,
  job_title: z.string(),
  requested_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
};

export const ResultResponse = z.discriminatedUnion('status', [
  z.object({ ...about, status: z.literal('queued'), stage: StageProgress }),
  z.object({ ...about, status: z.literal('processing'), stage: StageProgress }),
  z.object({ ...about, status: z.literal('completed'), result: EvaluationResult }),
  z.object({ ...about, status: z.literal('failed'), error: FailureReport }),
]);
export type ResultResponse = z.infer<typeof ResultResponse>;
