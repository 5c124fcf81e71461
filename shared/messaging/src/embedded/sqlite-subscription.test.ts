import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import { BusError } from '../bus-error.ts';
import type { DeliveredMessage } from '../event-bus.ts';
import { eventually } from '../testing/index.ts';
import { createPositionCommitter } from './position-committer.ts';
import { openSqliteLog, type SqliteLog } from './sqlite-log.ts';
import { createSqliteSubscription, type SqliteSubscription } from './sqlite-subscription.ts';

const logger = createLogger({ level: 'silent' });
const TOPIC = 'topic';

describe('createSqliteSubscription', () => {
  let folder: string;
  let log: SqliteLog;
  let subscriptions: SqliteSubscription[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berkas-bus-'));
    log = openSqliteLog(join(folder, 'berkas.sqlite'));
    subscriptions = [];
  });
  afterEach(async () => {
    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    void log.close();
    await rm(folder, { recursive: true });
  });

  const append = (count: number): void => {
    const messages = Array.from({ length: count }, (_, index) => ({
      topic: TOPIC,
      key: `key-${index}`,
      headers: {},
      value: new Uint8Array([1]),
    }));
    log.append(messages, 0);
  };

  const subscribe = (
    read: SqliteLog['read'],
    onMessage: (message: DeliveredMessage, signal: AbortSignal) => Promise<void>,
  ): SqliteSubscription => {
    const reading = { ...log, read };
    const subscription = createSqliteSubscription({
      log: reading,
      committer: createPositionCommitter({ log, logger }),
      logger,
      options: { group: 'group', topic: TOPIC, concurrency: 2, onMessage },
      onStopped: () => undefined,
    });
    subscriptions.push(subscription);
    return subscription;
  };

  const untilAborted = (signal: AbortSignal): Promise<void> =>
    new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(new Error('aborted'))),
    );

  it('keeps a bounded number of messages in memory, however many wait', async () => {
    append(1_000);
    let read = 0;
    const subscription = subscribe(
      (...range) => {
        const messages = log.read(...range);
        read += messages.length;
        return messages;
      },
      (_message, signal) => untilAborted(signal),
    );
    await eventually(() => subscription.inFlight() === 2);
    subscription.wake();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(read).toBe(50);
  });

  it('stops running past an unfinished message after a bounded stretch, and goes on after it', async () => {
    append(10_500);
    let finishFirst = (): void => undefined;
    let handled = 0;
    const subscription = subscribe(
      (...range) => log.read(...range),
      (message) => {
        if (message.offset !== '0') {
          handled += 1;
          return Promise.resolve();
        }
        return new Promise((resolve) => (finishFirst = resolve));
      },
    );
    await eventually(() => handled === 9_999 && subscription.inFlight() === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(handled).toBe(9_999);
    finishFirst();
    await eventually(() => handled === 10_499);
    await eventually(async () => (await subscription.lag()) === 0);
  });

  it('says that it cannot read, tries again by itself and loses nothing', async () => {
    append(1);
    let failing = true;
    let handled = 0;
    const subscription = subscribe(
      (...range) => {
        if (failing) throw new BusError('bus_unavailable', 'away');
        return log.read(...range);
      },
      () => {
        handled += 1;
        return Promise.resolve();
      },
    );
    await eventually(() => subscription.health().status === 'failed');
    expect(subscription.health().detail).toBe('the log cannot be read');
    failing = false;
    await eventually(() => handled === 1);
    expect(subscription.health()).toEqual({ status: 'ok', detail: 'reading' });
  });
});
