import type { DeliveredMessage, SubscribeOptions } from './event-bus.ts';
import { createKeyedScheduler } from './keyed-scheduler.ts';

/** Runs `onMessage` for one subscription, as the scheduler allows; adapters read and commit. */
export interface MessageDispatcher {
  /** Queues a message that was read. Nothing starts before `start`. */
  offer(message: DeliveredMessage): void;
  /** Starts whatever may start. */
  start(): void;
  /** Drops the waiting messages that match, aborts those under way, resolves when they have ended. */
  withdraw(matches: (message: DeliveredMessage) => boolean): Promise<void>;
  pause(): void;
  resume(): void;
  waiting(): number;
  inFlight(): number;
  /** Starts nothing more, aborts what is under way and resolves when that has ended. */
  stop(): Promise<void>;
}

export function createMessageDispatcher(options: {
  concurrency: number;
  onMessage: SubscribeOptions['onMessage'];
  /** The message is done with and may be committed. */
  onFinished: (message: DeliveredMessage) => void;
  /** The message is not done with; its key is held until the subscription is made anew. */
  onRejected: (message: DeliveredMessage, error: unknown) => void;
}): MessageDispatcher {
  const scheduler = createKeyedScheduler<DeliveredMessage>({
    concurrency: options.concurrency,
    keyOf: (message) => message.key,
  });
  // A controller a message, not one for all: listeners left on a long-lived signal would pile up.
  const running = new Map<AbortController, { message: DeliveredMessage; ended: Promise<void> }>();
  let stopped = false;

  const run = async (message: DeliveredMessage, controller: AbortController): Promise<void> => {
    try {
      await options.onMessage(message, controller.signal);
    } catch (error) {
      scheduler.hold(message);
      running.delete(controller);
      options.onRejected(message, error);
      return;
    }
    scheduler.finish(message);
    running.delete(controller);
    options.onFinished(message);
  };

  return {
    offer: (message) => scheduler.add(message),
    start() {
      for (;;) {
        const message = stopped ? undefined : scheduler.next();
        if (message === undefined) return;
        const controller = new AbortController();
        // A tick later, so that a message which ends at once is in `running` before it leaves it.
        const ended = Promise.resolve().then(() => run(message, controller));
        running.set(controller, { message, ended });
      }
    },
    async withdraw(matches) {
      scheduler.withdraw(matches);
      const leaving = [...running].filter(([, { message }]) => matches(message));
      for (const [controller] of leaving) controller.abort();
      await Promise.all(leaving.map(([, { ended }]) => ended));
      // Those that rejected hold their keys now.
      scheduler.withdraw(matches);
    },
    pause: () => scheduler.pause(),
    resume: () => scheduler.resume(),
    waiting: () => scheduler.waiting(),
    inFlight: () => scheduler.inFlight(),
    async stop() {
      stopped = true;
      for (const controller of running.keys()) controller.abort();
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}
