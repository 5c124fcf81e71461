import { z } from 'zod';
import { Failure } from '../failure.ts';
import { EvaluationId } from '../ids.ts';
import { EvaluationResult } from '../result.ts';

/** Why an unfinished evaluation gets on no further for now, and since when. */
export const HeldUp = z.object({
  /** The service whose turn it is. */
  service: z.string(),
  /**
   * `dependency_away`: a server that it needs does not answer; `service_away`: no instance of it was
   * heard of lately; `trying_again`: this evaluation's step failed in a way that may pass.
   */
  reason: z.enum(['dependency_away', 'service_away', 'trying_again']),
  since: z.iso.datetime(),
  /** One sentence: what is waited for. */
  detail: z.string(),
});
export type HeldUp = z.infer<typeof HeldUp>;

/** What an unfinished evaluation is doing, what it waits for, and since when. */
export const StageProgress = z.object({
  name: z.enum(['reading', 'scoring', 'summarizing']),
  waiting_for: z.array(z.enum(['cv', 'project_report', 'cv_scores', 'project_scores', 'summary'])),
  since: z.iso.datetime(),
  /** Empty while nothing keeps it but the work itself. */
  held_up: z.array(HeldUp),
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
