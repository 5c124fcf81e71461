import {
  REDRIVE_HEADERS,
  type BerkasEvent,
  type EventDefinition,
  type OutgoingEvent,
} from '@berkas/contracts';
import {
  createFlow,
  isoNow,
  isRetryable,
  type Clock,
  type Flow,
  type Logger,
  type RetryingEvent,
} from '@berkas/service-kit';
import { BusError } from './bus-error.ts';
import { codeOf, toDeadLetter } from './dead-letter.ts';
import { decodeEvent, encodeEvent } from './event-encoding.ts';
import type { DeliveredMessage, EventBus, OutgoingMessage } from './event-bus.ts';
import { attempt, type Attempted, type AttemptOptions, type RetryPolicy } from './retry.ts';
import { createUnderWay } from './under-way.ts';

/** What a service does with one kind of event; everything around it is the runtime's. */
export interface EventHandler<Data> {
  readonly event: EventDefinition<Data>;
  /**
   * Answers the events to publish. A retryable `BerkasError` is tried again with back-off; anything
   * else is a bug and given up at once. May be called again for an event that it handled before, and
   * with the same `attempt` after an outage.
   */
  handle(
    event: BerkasEvent<Data>,
    context: {
      signal: AbortSignal;
      attempt: number;
      /** A person asked for it again, after it was given up. */
      isRedriven?: boolean;
    },
  ): Promise<readonly OutgoingEvent[]>;
  /** What says so on the stage's own topic when the runtime gives the event up, so that no evaluation hangs. */
  onGiveUp?(
    event: BerkasEvent<Data>,
    error: unknown,
  ): Promise<readonly OutgoingEvent[]> | readonly OutgoingEvent[];
}

export interface EventProcessor {
  /**
   * Parse, handle, publish. Resolves when the message may be committed: its outputs, or its dead
   * letter, are durable. Rejects with `message_given_back` when the signal was aborted before that.
   * One that was published again for another group alone resolves at once.
   */
  process(message: DeliveredMessage, signal: AbortSignal): Promise<void>;
  /** The codes of what messages are held up by now, because their results cannot be published. */
  publishFailures(): readonly string[];
  /** What it has under way. */
  messages(): readonly DeliveredMessage[];
  isUnderWay(message: DeliveredMessage): boolean;
  /** What of it is about an evaluation and was tried in vain, and waits for its next try. */
  retrying(): readonly RetryingEvent[];
}

/** Of publishing: what is done can be told while a server that the handler needs is away. */
const ALWAYS_OPEN = createFlow([]);

type Failed = { error: unknown; attempts: number };

export function createEventProcessor<Data>(options: {
  bus: EventBus;
  group: string;
  handler: EventHandler<Data>;
  retry: RetryPolicy;
  flow: Flow;
  logger: Logger;
  clock: Clock;
  random: () => number;
}): EventProcessor {
  const { bus, group, handler, retry, flow, logger, clock, random } = options;
  const heldUp = new Map<DeliveredMessage, string>();
  const underWay = createUnderWay(clock);
  const givenBack = (cause?: unknown): BusError =>
    new BusError('message_given_back', 'Not finished before the stop.', { cause });

  const tryWork = (
    message: DeliveredMessage,
    signal: AbortSignal,
    work: (attempt: number) => Promise<readonly OutgoingEvent[]>,
    policy: RetryPolicy,
  ): Promise<Attempted<OutgoingMessage[]>> =>
    attempt(async (count) => (await work(count)).map(encodeEvent), {
      ...{ policy, flow, clock, signal, random, mayPass: isRetryable },
      onRetry: ({ error, ...fields }) => {
        const code = codeOf(error);
        underWay.failed(message, { code, attempt: fields.attempt });
        logger.warn({ ...placeOf(message), ...fields, code }, 'trying again');
      },
      onAway: ({ error, ...fields }) => {
        const code = codeOf(error);
        underWay.failed(message, { code });
        logger.warn({ ...placeOf(message), ...fields, code }, 'waiting');
      },
    });

  /** Goes on until it is published, fails in a way that cannot pass or the signal is aborted. */
  const publish = async (
    message: DeliveredMessage,
    signal: AbortSignal,
    outputs: readonly OutgoingMessage[],
    mayPass: AttemptOptions['mayPass'],
  ): Promise<Attempted<void>> => {
    const published = await attempt(() => bus.publish(outputs), {
      ...{ policy: forEver(retry), flow: ALWAYS_OPEN, clock, signal, random, mayPass },
      onRetry: ({ error, ...fields }) => {
        const code = codeOf(error);
        heldUp.set(message, code);
        underWay.failed(message, { code, attempt: fields.attempt });
        logger.warn({ ...placeOf(message), ...fields, code }, 'cannot publish');
      },
    });
    heldUp.delete(message);
    return published;
  };

  /**
   * Publishes the dead letter with what tells the others; nothing ends this but success or a stop.
   * What may pass is waited for however long it takes: an evaluation that nobody is told of hangs.
   */
  const giveUp = async (
    message: DeliveredMessage,
    signal: AbortSignal,
    event: BerkasEvent<Data> | undefined,
    failed: Failed,
  ): Promise<void> => {
    const { error, attempts } = failed;
    logger.error({ err: error, ...placeOf(message), attempts, code: codeOf(error) }, 'gave up');
    const letter = { group, error, attempts, at: isoNow(clock) };
    // Not handler.onGiveUp?.(…) alone: it may throw at once, and that too is an outcome.
    const announced: Attempted<OutgoingMessage[]> =
      event === undefined
        ? { ok: true, result: [], attempts: 0 }
        : await tryWork(
            message,
            signal,
            async () => (await handler.onGiveUp?.(event, error)) ?? [],
            forEver(retry),
          );
    let giveUpError: unknown;
    if (announced.ok) {
      const outputs = [toDeadLetter(message, letter), ...announced.result];
      const published = await publish(message, signal, outputs, isRetryable);
      if (published.ok) return;
      giveUpError = published.error;
    } else {
      giveUpError = announced.error;
    }
    if (signal.aborted) throw givenBack(giveUpError);
    // The others cannot be told. The dead letter alone keeps the message, and says that it is owed.
    logger.error({ err: giveUpError, ...placeOf(message) }, 'gave up without telling the others');
    const alone = [toDeadLetter(message, { ...letter, giveUpError })];
    const published = await publish(message, signal, alone, () => true);
    if (!published.ok) throw givenBack(published.error);
  };

  const handle = async (message: DeliveredMessage, signal: AbortSignal): Promise<void> => {
    let event: BerkasEvent<Data>;
    try {
      event = decodeEvent(handler.event, message);
    } catch (error) {
      await giveUp(message, signal, undefined, { error, attempts: 0 });
      return;
    }
    underWay.isAbout(message, event.data);
    const handled = await tryWork(
      message,
      signal,
      (count) => handler.handle(event, { signal, attempt: count, isRedriven: isRedriven(message) }),
      retry,
    );
    // An aborted handler fails in ways of its own: only a fresh try says whether it is a bug.
    if (!handled.ok && signal.aborted) throw givenBack(handled.error);
    if (!handled.ok) return giveUp(message, signal, event, handled);
    if (handled.result.length === 0) return;
    const published = await publish(message, signal, handled.result, isRetryable);
    if (published.ok) return;
    if (signal.aborted) throw givenBack(published.error);
    await giveUp(message, signal, event, { ...published, attempts: handled.attempts });
  };

  return {
    process: async (message, signal) => {
      if (isRedriven(message) && message.headers[REDRIVE_HEADERS.group] !== group) return;
      await underWay.during(message, () => handle(message, signal));
    },
    publishFailures: () => [...heldUp.values()],
    messages: () => underWay.messages(),
    isUnderWay: (message) => underWay.has(message),
    retrying: () => underWay.retrying(),
  };
}

const isRedriven = ({ headers }: DeliveredMessage): boolean =>
  headers[REDRIVE_HEADERS.group] !== undefined;

const forEver = (retry: RetryPolicy): RetryPolicy => ({ ...retry, attempts: Infinity });

/** The topic is in every line of the logger already. */
const placeOf = ({ partition, offset, headers }: DeliveredMessage) => ({
  partition,
  offset,
  eventId: headers['ce_id'],
});
