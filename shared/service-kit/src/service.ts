import type { Logger } from './logger.ts';

export type HealthCheck = { status: 'ok' | 'failed'; detail: string };

/** An event about an evaluation that failed in a way that may pass, and is tried again. */
export type RetryingEvent = {
  readonly evaluationId: string;
  /** Of the last error. */
  readonly code: string;
  readonly attempts: number;
  /** When it failed first: ISO 8601, UTC. */
  readonly since: string;
};

/** How far a service is with what was published for it. */
export type Backlog = {
  /** Events not taken up yet; those done but not committed yet may be counted too, none is missed. */
  readonly events: number;
  /** All that was published before this is done with: ISO 8601, UTC. None while events wait. */
  readonly doneBefore?: string;
};

/** What every `createService(deps)` returns. */
export interface Service {
  readonly name: string;
  /** Resolves once the service does its work; rejects if it cannot. */
  start(): Promise<void>;
  /** Takes no new work, finishes or gives back what is under way, then resolves. Safe to repeat. */
  stop(): Promise<void>;
  /** Named checks: can it do its work? */
  health(): Record<string, HealthCheck>;
  /** Of a service that reads events: those that it tries again. */
  retrying?(): readonly RetryingEvent[];
  /** Of a service that reads events; rejects when it cannot be told just now. */
  backlog?(): Promise<Backlog>;
}

/** Starts in order; when one cannot start, those already started are stopped again. */
export async function startAll(services: readonly Service[]): Promise<void> {
  const started: Service[] = [];
  try {
    for (const service of services) {
      await service.start();
      started.push(service);
    }
  } catch (error) {
    await Promise.allSettled(started.reverse().map((service) => service.stop()));
    throw error;
  }
}

/**
 * Stops in the reverse order of the start, all within one deadline: a service that hangs is named in
 * the log and left behind, since its unfinished work is still in the event log.
 */
export async function stopAll(
  services: readonly Service[],
  options: { deadlineMs: number; logger: Logger },
): Promise<void> {
  const endsAt = Date.now() + options.deadlineMs;
  for (const service of [...services].reverse()) {
    const leftMs = Math.max(0, endsAt - Date.now());
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, leftMs, 'late');
    });
    try {
      const outcome = await Promise.race([service.stop(), deadline]);
      if (outcome === 'late') {
        options.logger.warn({ service: service.name }, 'did not stop within the deadline');
      }
    } catch (error) {
      options.logger.error({ err: error, service: service.name }, 'failed while stopping');
    } finally {
      clearTimeout(timer);
    }
  }
}
