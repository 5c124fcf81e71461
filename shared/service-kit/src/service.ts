import type { Logger } from './logger.ts';

export type HealthCheck = { status: 'ok' | 'failed'; detail: string };

/** What every `createService(deps)` returns. */
export interface Service {
  readonly name: string;
  /** Resolves once the service does its work; rejects if it cannot. */
  start(): Promise<void>;
  /** Takes no new work, finishes or gives back what is under way, then resolves. Safe to repeat. */
  stop(): Promise<void>;
  /** Named checks: can it do its work? */
  health(): Record<string, HealthCheck>;
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
