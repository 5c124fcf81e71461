import type { HealthCheck, Logger } from '@berkas/service-kit';
import type { DeliveredMessage, SubscribeOptions, Subscription } from '../event-bus.ts';
import { createMessageDispatcher } from '../message-dispatcher.ts';
import { createOffsetTracker } from '../offset-tracker.ts';
import type { PositionCommitter } from './position-committer.ts';
import type { SqliteLog } from './sqlite-log.ts';

/** Messages read ahead for each that may be under way, so that one busy key does not block others. */
const LOOK_AHEAD_FACTOR = 10;
const MINIMUM_LOOK_AHEAD = 50;
/** How far reading may run past the first unfinished message: what a crash repeats at most. */
const MAXIMUM_SPAN = 10_000;
const READ_RETRY_MS = 1_000;

export interface SqliteSubscription extends Subscription {
  /** Something was published to the topic. */
  wake(): void;
}

/** Reads, hands out and commits one topic for one group. Throws a `BusError` if it cannot begin. */
export function createSqliteSubscription(dependencies: {
  log: SqliteLog;
  committer: PositionCommitter;
  logger: Logger;
  options: SubscribeOptions;
  onStopped: () => void;
}): SqliteSubscription {
  const { log, committer, options, onStopped } = dependencies;
  const { group, topic, concurrency } = options;
  const logger = dependencies.logger.child({ group, topic });
  const lookAhead = Math.max(MINIMUM_LOOK_AHEAD, LOOK_AHEAD_FACTOR * concurrency);
  const start = log.position(group, topic);
  const tracker = createOffsetTracker(BigInt(start));
  let readOffset = start;
  let mayHaveMore = true;
  let readFailure: unknown;
  let rejected = 0;
  let turn: NodeJS.Immediate | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopping: Promise<void> | undefined;

  const scheduleTurn = (): void => {
    // A turn of the event loop, not a microtask: handlers that end at once must not starve I/O.
    if (stopping === undefined && retry === undefined) turn ??= setImmediate(takeTurn);
  };
  const dispatcher = createMessageDispatcher({
    concurrency,
    onMessage: options.onMessage,
    onFinished(message: DeliveredMessage) {
      const before = tracker.position();
      tracker.finish(BigInt(message.offset));
      const position = tracker.position();
      if (position > before) committer.commitSoon({ group, topic, position: Number(position) });
      scheduleTurn();
    },
    onRejected({ offset }: DeliveredMessage, error: unknown) {
      rejected += 1;
      if (stopping === undefined)
        logger.error({ err: error, offset }, 'a message was not finished');
      scheduleTurn();
    },
  });

  /** Reads on while a place is free that nothing read so far can take. */
  const readAndStart = (): void => {
    dispatcher.start();
    while (mayHaveMore && dispatcher.inFlight() < concurrency) {
      const room = Math.min(lookAhead - dispatcher.waiting(), MAXIMUM_SPAN - tracker.span());
      if (room <= 0) return;
      const messages = log.read(topic, readOffset, room);
      mayHaveMore = messages.length === room;
      for (const message of messages) {
        tracker.begin(BigInt(message.offset));
        readOffset = Number(message.offset) + 1;
        dispatcher.offer(message);
      }
      dispatcher.start();
    }
  };
  const takeTurn = (): void => {
    turn = undefined;
    try {
      readAndStart();
      readFailure = undefined;
    } catch (error) {
      logger.error({ err: error }, 'the log cannot be read');
      readFailure = error;
      retry = setTimeout(() => {
        retry = undefined;
        scheduleTurn();
      }, READ_RETRY_MS);
    }
  };
  const stop = async (): Promise<void> => {
    clearImmediate(turn);
    clearTimeout(retry);
    await dispatcher.stop();
    try {
      committer.flush();
    } catch (error) {
      logger.warn({ err: error }, 'stopped without committing; some messages come again');
    }
    onStopped();
  };

  scheduleTurn();
  return {
    wake() {
      mayHaveMore = true;
      scheduleTurn();
    },
    pause: () => dispatcher.pause(),
    resume() {
      dispatcher.resume();
      scheduleTurn();
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- so that it rejects, never throws
    lag: async () => {
      committer.flush();
      return log.end(topic) - log.position(group, topic);
    },
    inFlight: () => dispatcher.inFlight(),
    health: () => healthOf({ readFailure, commitFailure: committer.failure(), rejected }),
    stop: () => (stopping ??= stop()),
  };
}

function healthOf(state: {
  readFailure: unknown;
  commitFailure: unknown;
  rejected: number;
}): HealthCheck {
  const failed = (detail: string): HealthCheck => ({ status: 'failed', detail });
  if (state.readFailure !== undefined) return failed('the log cannot be read');
  if (state.commitFailure !== undefined) return failed('positions cannot be committed');
  if (state.rejected > 0) {
    return failed(`${state.rejected} messages were not finished and wait for a new subscription`);
  }
  return { status: 'ok', detail: 'reading' };
}
