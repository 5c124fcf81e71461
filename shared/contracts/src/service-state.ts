import { z } from 'zod';
import { EvaluationId } from './ids.ts';

const Time = z.iso.datetime();

/** An event that failed in a way that may pass, and is tried again. */
export const Retrying = z.object({
  evaluationId: EvaluationId,
  /** Code of the last error. */
  code: z.string(),
  attempts: z.int().min(1),
  /** When it failed first. */
  since: Time,
});
export type Retrying = z.infer<typeof Retrying>;

/**
 * What one instance of a service last said of itself. Written by each every few seconds and on a
 * change, so that the gateway can tell what an evaluation waits for; nothing is decided by it that
 * would be wrong if it came late.
 */
export const ServiceState = z.object({
  /** `<service>/<instance>`. */
  id: z.string(),
  service: z.string(),
  startedAt: Time,
  /** When this was written: an instance that says nothing for long is gone. */
  seenAt: Time,
  /** Dependencies that are away, each with the time since when. */
  away: z.array(z.object({ name: z.string(), since: Time })),
  retrying: z.array(Retrying),
  /** Events published for its group and not taken up yet, over its topics. */
  backlog: z.int().min(0),
  /** Up to when all that was published for it is done with. */
  drainedAt: Time.optional(),
});
export type ServiceState = z.infer<typeof ServiceState>;

/** Those that take part in every evaluation. */
export const WORKERS = [
  'ingest',
  'cv-evaluator',
  'project-evaluator',
  'synthesizer',
  'status',
] as const;
export type WorkerName = (typeof WORKERS)[number];

/** Written by every service about itself, read by the gateway. */
export const serviceStates = { name: 'service-states', indexes: [] } as const;

/** How often a service says how it is, at least. */
export const SERVICE_STATE_EVERY_MS = 5_000;
/** One that has said nothing for so long is taken for gone. */
export const SERVICE_STATE_LASTS_MS = 20_000;
