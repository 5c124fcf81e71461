import { randomBytes } from 'node:crypto';
import { SERVICE_STATE_EVERY_MS, serviceStates, type ServiceState } from '@berkas/contracts';
import {
  delay,
  isoNow,
  within,
  type Backlog,
  type Breaker,
  type Clock,
  type Logger,
  type Service,
} from '@berkas/service-kit';
import type { Collection, DocumentStore } from '@berkas/storage';
import { createAwaySince } from './away-since.ts';

/** What was not heard of for so long is cleared away by whoever comes by. */
const FORGOTTEN_AFTER_MS = 10 * 60_000;
const CLEARED_EVERY_MS = 60_000;
/** A log that takes longer to say how far the group is counts as away. */
const BACKLOG_WITHIN_MS = 10_000;

export type ServiceReportOptions = {
  readonly service: Pick<Service, 'name' | 'retrying' | 'backlog'>;
  /** Of what it depends on. */
  readonly breakers: readonly Breaker[];
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly everyMs?: number;
  /** Between two reports at least, however much changes. */
  readonly soonestMs?: number;
  /** How long a start or a stop waits for the documents. */
  readonly patienceMs?: number;
};

/**
 * Says how one instance of a service is, where the gateway looks: every few seconds, and soon after
 * something that it depends on went away or came back. An orderly stop takes it back. That it cannot
 * be written, such as on a full disk, is logged once, and harms nothing else.
 */
export function createServiceReport(options: ServiceReportOptions): Service {
  const { service, clock, everyMs = SERVICE_STATE_EVERY_MS } = options;
  const { soonestMs = 1_000, patienceMs = 1_000 } = options;
  const logger = options.logger.child({ service: service.name });
  const id = `${service.name}/${randomBytes(6).toString('hex')}`;
  const startedAt = isoNow(clock);
  const away = createAwaySince(options.breakers, clock);
  const open = (): Promise<Collection<ServiceState>> =>
    options.documents.collection<ServiceState>(serviceStates);
  const stopping = new AbortController();
  /** Aborted once something is to be said before its time. */
  let pause = new AbortController();
  let loop: Promise<void> | undefined;
  let progress: Pick<ServiceState, 'backlog' | 'drainedAt'> = { backlog: 0 };
  let couldWrite = true;
  let clearedAtMs = -Infinity;
  const askBacklog = backlogAsker(service, { logger, signal: stopping.signal });

  const stateNow = async (): Promise<ServiceState> => {
    const known = await askBacklog();
    if (service.backlog !== undefined) away.eventLog(known !== undefined);
    const drainedAt = known?.doneBefore ?? progress.drainedAt;
    progress = {
      backlog: known?.events ?? progress.backlog,
      ...(drainedAt === undefined ? {} : { drainedAt }),
    };
    const retrying = [...(service.retrying?.() ?? [])];
    const hasWork = retrying.length > 0 || progress.backlog > 0;
    return {
      ...{ id, service: service.name, startedAt, seenAt: isoNow(clock) },
      ...{ away: away.now({ hasWork }), retrying, ...progress },
    };
  };

  const clearForgotten = async (states: Collection<ServiceState>): Promise<void> => {
    const nowMs = clock.now().getTime();
    if (nowMs - clearedAtMs < CLEARED_EVERY_MS) return;
    clearedAtMs = nowMs;
    for (const state of await states.find({ limit: 1000 })) {
      if (nowMs - Date.parse(state.seenAt) > FORGOTTEN_AFTER_MS) await states.delete(state.id);
    }
  };

  const write = async (): Promise<void> => {
    try {
      const states = await open();
      await states.put(await stateNow());
      await clearForgotten(states);
      couldWrite = true;
    } catch (error) {
      if (couldWrite) logger.warn({ err: error }, 'cannot say how it is, and goes on trying');
      couldWrite = false;
    }
  };

  /** What changes from here on is said after it. */
  const writeAnew = (): Promise<void> => {
    pause = new AbortController();
    return write();
  };
  const goOn = async (): Promise<void> => {
    for (;;) {
      await delay(soonestMs, stopping.signal);
      await delay(Math.max(0, everyMs - soonestMs), pause.signal);
      if (stopping.signal.aborted) return;
      await writeAnew();
    }
  };
  const takeBack = async (): Promise<void> => {
    await loop;
    const states = await open();
    await states.delete(id);
  };

  return {
    name: `${service.name} report`,
    health: () => ({}),
    start: async () => {
      away.listen(() => pause.abort());
      const first = writeAnew();
      loop = first.then(goOn);
      await within(patienceMs, first);
    },
    stop: async () => {
      if (stopping.signal.aborted) return;
      away.close();
      stopping.abort();
      pause.abort();
      const takenBack = takeBack().catch((error: unknown) => {
        logger.debug({ err: error }, 'its last word stays');
      });
      await within(patienceMs, takenBack);
    },
  };
}

/** Answers nothing where the log cannot tell in time. A question that is out is not asked again. */
function backlogAsker(
  service: Pick<Service, 'backlog'>,
  { logger, signal }: { logger: Logger; signal: AbortSignal },
): () => Promise<Backlog | undefined> {
  let asked: Promise<Backlog | undefined> | undefined;
  return async () => {
    asked ??= (service.backlog?.() ?? Promise.resolve(undefined)).finally(() => {
      asked = undefined;
    });
    const over = new AbortController();
    const end = (): void => over.abort();
    signal.addEventListener('abort', end, { once: true });
    try {
      return await Promise.race([
        asked,
        delay(signal.aborted ? 0 : BACKLOG_WITHIN_MS, over.signal).then(() => undefined),
      ]);
    } catch (error) {
      logger.debug({ err: error }, 'the backlog cannot be told');
      return undefined;
    } finally {
      over.abort();
      signal.removeEventListener('abort', end);
    }
  };
}
