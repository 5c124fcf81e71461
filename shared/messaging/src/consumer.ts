import {
  BerkasError,
  createFlow,
  type Backlog,
  type Clock,
  type Flow,
  type HealthCheck,
  type Logger,
  type RetryingEvent,
} from '@berkas/service-kit';
import { BusError } from './bus-error.ts';
import type { EventBus, Subscription } from './event-bus.ts';
import { createFlowingSubscription } from './flowing-subscription.ts';
import { createEventProcessor, type EventHandler, type EventProcessor } from './event-processor.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';

/** What every consumer needs from its surroundings. */
export type ConsumerDeps = {
  readonly bus: EventBus;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly retry?: Partial<RetryPolicy>;
  /**
   * Whether what the handlers depend on is there; without it, it always is. While it is not, the
   * consumer takes nothing new, and what is under way waits without using up its tries.
   */
  readonly flow?: Flow;
  /** For back-off: from 0 up to 1. */
  readonly random?: () => number;
};

export type ConsumerOptions<Data> = ConsumerDeps & {
  readonly group: string;
  readonly handler: EventHandler<Data>;
  /** Most events under way at once. */
  readonly concurrency: number;
};

export interface Consumer {
  /** Resolves once it is subscribed; rejects with a `BusError`. Safe to repeat. */
  start(): Promise<void>;
  /** Takes nothing new, aborts what is under way and waits for it. Safe to repeat; may start again. */
  stop(): Promise<void>;
  /** Takes nothing new until `resume`; also before the start. */
  pause(): void;
  resume(): void;
  /**
   * Whether its loop turns: `failed` while it is stopped, cannot read, commit or publish. Not while
   * something that it needs is away: it waits, and the breaker's own check says so.
   */
  health(): HealthCheck;
}

/** A consumer of events: it tells what an evaluation may be waiting for. */
export interface EventConsumer extends Consumer {
  /** What failed in a way that may pass, about an evaluation; never more than is under way. */
  retrying(): readonly RetryingEvent[];
  /** Rejects with a `BusError`; also while it is stopped. */
  backlog(): Promise<Backlog>;
}

/**
 * The consumer runtime: parse, handle, publish, commit, for one kind of event and one group. An
 * event is committed once what it led to is durable, whether that is its outputs or a dead letter
 * on `dead-letter.<group>`.
 */
export function createConsumer<Data>(options: ConsumerOptions<Data>): EventConsumer {
  const { bus, group, handler, concurrency, random = Math.random, flow = createFlow([]) } = options;
  const { topic } = handler.event;
  const logger = options.logger.child({ group, topic });
  const retry = checkedRetry({ ...DEFAULT_RETRY, ...options.retry });
  const processor = createEventProcessor({ ...options, logger, retry, random, flow });
  const { current, doing, ...lifecycle } = createFlowingSubscription(bus, flow, {
    group,
    topic,
    concurrency,
    onMessage: (message, signal) => processor.process(message, signal),
  });

  return {
    ...lifecycle,
    retrying: () => processor.retrying(),
    async backlog() {
      const subscription = current();
      if (subscription === undefined) throw new BusError('bus_closed', 'The consumer is stopped.');
      return backlogOf(subscription, processor, options.clock);
    },
    health() {
      const subscription = current();
      if (subscription === undefined) return { status: 'failed', detail: 'not started' };
      const reading = subscription.health();
      if (reading.status === 'failed') return reading;
      const [code] = processor.publishFailures();
      if (code !== undefined) return { status: 'failed', detail: `cannot publish: ${code}` };
      return { status: 'ok', detail: `${doing()}, ${subscription.inFlight()} under way` };
    },
  };
}

/**
 * Counts as under way only what was so before and after the lag was read: that is surely a part of
 * it, so that nothing that waits is ever taken for done.
 */
async function backlogOf(
  subscription: Subscription,
  processor: EventProcessor,
  clock: Clock,
): Promise<Backlog> {
  const beganAtMs = clock.now().getTime();
  const before = processor.messages();
  const lag = await subscription.lag();
  const underWay = before.filter((message) => processor.isUnderWay(message));
  const events = Math.max(0, lag - underWay.length);
  if (events > 0) return { events };
  const oldestMs = Math.min(beganAtMs, ...underWay.map(({ timestampMs }) => timestampMs));
  return { events, doneBefore: new Date(oldestMs).toISOString() };
}

function checkedRetry(policy: RetryPolicy): RetryPolicy {
  const { attempts } = policy;
  if (attempts === Infinity || (Number.isSafeInteger(attempts) && attempts >= 1)) return policy;
  throw new BerkasError(`A consumer cannot try an event ${attempts} times.`, {
    code: 'retry_invalid',
    retryable: false,
  });
}
