import { createFlow } from '@berkas/service-kit';
import { BusError } from './bus-error.ts';
import type { Consumer, ConsumerDeps } from './consumer.ts';
import { codeOf } from './dead-letter.ts';
import type { DeliveredMessage } from './event-bus.ts';
import { createFlowingSubscription } from './flowing-subscription.ts';
import { attempt, DEFAULT_RETRY } from './retry.ts';

export type RawConsumerOptions = ConsumerDeps & {
  readonly group: string;
  readonly topic: string;
  /** Most messages under way at once. */
  readonly concurrency: number;
  /** May be called again for a message that it handled before. */
  readonly handle: (message: DeliveredMessage, signal: AbortSignal) => Promise<void>;
};

/**
 * Takes the messages of a topic as they are, events of a definition or not, and never gives one up:
 * it is tried until it is handled or the consumer stops. For topics whose messages must not become
 * dead letters, since they are some already: a letter about a letter would go round for ever.
 */
export function createRawConsumer(options: RawConsumerOptions): Consumer {
  const { bus, group, topic, concurrency, handle, clock } = options;
  const { random = Math.random, flow = createFlow([]) } = options;
  const policy = { ...DEFAULT_RETRY, ...options.retry, attempts: Infinity };
  const logger = options.logger.child({ group, topic });
  /** The codes of what could not be handled yet, while nothing that it needs is away. */
  const heldUp = new Map<DeliveredMessage, string>();

  const onMessage = async (message: DeliveredMessage, signal: AbortSignal): Promise<void> => {
    const { partition, offset } = message;
    const handled = await attempt(() => handle(message, signal), {
      ...{ policy, flow, clock, signal, random, mayPass: () => true },
      onRetry: ({ error, ...fields }) => {
        heldUp.set(message, codeOf(error));
        logger.error({ err: error, partition, offset, ...fields }, 'not handled yet, trying again');
      },
      onAway: ({ error, ...fields }) => {
        heldUp.delete(message);
        logger.warn({ partition, offset, ...fields, code: codeOf(error) }, 'waiting');
      },
    });
    heldUp.delete(message);
    if (handled.ok) return;
    const { error: cause } = handled;
    throw new BusError('message_given_back', 'Not finished before the stop.', { cause });
  };

  const { current, doing, ...lifecycle } = createFlowingSubscription(bus, flow, {
    ...{ group, topic, concurrency, onMessage },
  });

  return {
    ...lifecycle,
    health() {
      const subscription = current();
      if (subscription === undefined) return { status: 'failed', detail: 'not started' };
      const reading = subscription.health();
      if (reading.status === 'failed') return reading;
      const [code] = heldUp.values();
      if (code !== undefined) return { status: 'failed', detail: `cannot handle: ${code}` };
      return { status: 'ok', detail: `${doing()}, ${subscription.inFlight()} under way` };
    },
  };
}
