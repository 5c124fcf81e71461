import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemClock, type Clock, type Logger } from '@berkas/service-kit';
import { BusError } from '../bus-error.ts';
import type { DeliveredMessage, EventBus, SubscribeOptions, Subscription } from '../event-bus.ts';
import { assertPublishable, assertSubscribable } from '../message-rules.ts';
import { createPositionCommitter } from './position-committer.ts';
import { createPublishQueue } from './publish-queue.ts';
import { openSqliteLog, type SqliteLog } from './sqlite-log.ts';
import { createSqliteSubscription, type SqliteSubscription } from './sqlite-subscription.ts';

/** Offsets looked at in one go while replaying, so that the event loop is never held for long. */
const REPLAY_STEP = 500;

/**
 * The event bus in one process: an append-only log in a SQLite file that other stores may share.
 * One partition (0) a topic; topics come into being with their first message. Make one bus a file
 * and process: another bus's messages are read too, but nothing wakes this one's subscribers for
 * them. Throws a `BusError` `bus_failed` when the file cannot be opened.
 */
export function createSqliteEventBus(options: {
  /** The database file; its folder must exist. */
  path: string;
  logger: Logger;
  clock?: Clock;
}): EventBus {
  const { path, logger, clock = systemClock } = options;
  const log = openSqliteLog(path);
  const committer = createPositionCommitter({ log, logger });
  const subscriptions = new Map<string, SqliteSubscription & { topic: string }>();
  const queue = createPublishQueue({
    log,
    clock,
    onPublished(topics) {
      for (const subscription of subscriptions.values()) {
        if (topics.has(subscription.topic)) subscription.wake();
      }
    },
  });
  let closed = false;
  let closing: Promise<void> | undefined;

  const subscribe = (subscribing: SubscribeOptions): Subscription => {
    assertSubscribable(subscribing);
    if (closing !== undefined) throw closedError();
    const { group, topic } = subscribing;
    const name = `${group}/${topic}`;
    if (subscriptions.has(name)) {
      throw new BusError('subscription_exists', `${group} is subscribed to ${topic} already.`);
    }
    const onStopped = (): void => void subscriptions.delete(name);
    const subscription = createSqliteSubscription({
      log,
      committer,
      logger,
      options: subscribing,
      onStopped,
    });
    subscriptions.set(name, { ...subscription, topic });
    return subscription;
  };

  // What is under way may still publish while its subscription stops: the log closes after it.
  const close = async (): Promise<void> => {
    await Promise.all([...subscriptions.values()].map((subscription) => subscription.stop()));
    closed = true;
    queue.flush();
    committer.close();
    await log.close();
  };

  return {
    async publish(messages) {
      if (closed) throw closedError();
      assertPublishable(messages);
      if (messages.length > 0) await queue.publish(messages);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- so that it rejects, never throws
    subscribe: async (subscribing) => subscribe(subscribing),
    replay: (topic, from) => replay({ log, isClosed: () => closed, topic, fromMs: from.getTime() }),
    close: () => (closing ??= close()),
  };
}

const closedError = (): BusError => new BusError('bus_closed', 'The event bus is closed.');

async function* replay(options: {
  log: SqliteLog;
  isClosed: () => boolean;
  topic: string;
  fromMs: number;
}): AsyncGenerator<DeliveredMessage> {
  const { log, isClosed, topic, fromMs } = options;
  if (isClosed()) throw closedError();
  const end = log.end(topic);
  for (let offset = 0; offset < end; offset += REPLAY_STEP) {
    if (isClosed()) throw closedError();
    const range = { offset, end: Math.min(end, offset + REPLAY_STEP), fromMs };
    yield* log.readSince(topic, range);
    await nextTurn();
  }
}
