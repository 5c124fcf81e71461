import { z } from 'zod';
import { DocumentId, EvaluationId, Round, RunName } from './ids.ts';

const Time = z.iso.datetime();

export const DeadLetterState = z.enum(['open', 'redriven', 'dropped']);
export type DeadLetterState = z.infer<typeof DeadLetterState>;

/**
 * An event that a group gave up, with why. Kept beside the read model: projected by status from the
 * `dead-letter.<group>` topics, decided on by the gateway.
 */
export const DeadLetter = z.object({
  /** `dl_` and 24 hexadecimal digits, derived from group, topic, partition and offset. */
  id: z.string().regex(/^dl_[0-9a-f]{24}$/),
  state: DeadLetterState,
  /** Of the consumer that gave it up; named as its service. */
  group: z.string(),
  /** Where the event stood. */
  topic: z.string(),
  partition: z.int().min(0),
  offset: z.string(),
  key: z.string(),
  /** Code of the error. */
  code: z.string(),
  reason: z.string(),
  stack: z.string().optional(),
  /** How often the event was tried. */
  attempts: z.int().min(0),
  at: Time,
  /** Code of why nobody could be told on the stage's own topic, where that failed too. */
  unannounced: z.string().optional(),
  /** What it is about, where the event could be read; `''` where not, since it is looked up by. */
  evaluationId: z.union([EvaluationId, z.literal('')]),
  run: RunName.optional(),
  round: Round.optional(),
  documentId: DocumentId.optional(),
  /** As it came: the headers, and the value in base64. */
  headers: z.record(z.string(), z.string()),
  value: z.base64(),
  /** When someone decided on it. */
  decidedAt: Time.optional(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** Set on an event that is published again for one group alone: the others pass it by. */
export const REDRIVE_HEADERS = { group: 'redrive-group', letter: 'redrive-letter' } as const;

/** What became of an event's type, for people; the value itself is in `event`. */
export const DeadLetterSummary = DeadLetter.pick({
  id: true,
  state: true,
  group: true,
  topic: true,
  code: true,
  reason: true,
  attempts: true,
  at: true,
  decidedAt: true,
}).extend({
  type: z.string().optional(),
  evaluationId: EvaluationId.optional(),
  documentId: DocumentId.optional(),
});
export type DeadLetterSummary = z.infer<typeof DeadLetterSummary>;

export const DeadLetterDetail = DeadLetterSummary.extend({
  partition: z.int(),
  offset: z.string(),
  key: z.string(),
  stack: z.string().optional(),
  unannounced: z.string().optional(),
  headers: z.record(z.string(), z.string()),
  /** The event's data as JSON, or its bytes in base64 where it is none. */
  event: z.unknown(),
});
export type DeadLetterDetail = z.infer<typeof DeadLetterDetail>;

export const DeadLettersResponse = z.object({
  dead_letters: z.array(DeadLetterSummary),
  /** Given where there are more: pass it as `after`. */
  next: z.string().optional(),
});
export type DeadLettersResponse = z.infer<typeof DeadLettersResponse>;

export const RedriveResponse = z.object({
  id: z.string(),
  state: DeadLetterState,
  /** What was done with it. */
  action: z.enum(['evaluation_reopened', 'event_published_again', 'dropped']),
  evaluation_id: EvaluationId.optional(),
  round: Round.optional(),
});
export type RedriveResponse = z.infer<typeof RedriveResponse>;
