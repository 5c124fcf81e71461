import { messageOf, type Logger } from '@berkas/service-kit';
import type { GroupPosition, SqliteLog } from './sqlite-log.ts';

const RETRY_AFTER_MS = 1_000;

/** Gathers the positions of all subscriptions and writes them once a turn of the event loop. */
export interface PositionCommitter {
  /** The newest position of a group counts; written soon. */
  commitSoon(position: GroupPosition): void;
  /** Writes now what is gathered; throws a `BusError`, and keeps what it could not write. */
  flush(): void;
  /** What the last write failed with, undefined once one succeeded. */
  failure(): unknown;
  /** Forgets what is not yet written. */
  close(): void;
}

export function createPositionCommitter(options: {
  log: SqliteLog;
  logger: Logger;
}): PositionCommitter {
  const gathered = new Map<string, GroupPosition>();
  let immediate: NodeJS.Immediate | undefined;
  let retry: NodeJS.Timeout | undefined;
  let failure: unknown;

  const cancel = (): void => {
    clearImmediate(immediate);
    clearTimeout(retry);
    immediate = undefined;
    retry = undefined;
  };
  const flush = (): void => {
    cancel();
    if (gathered.size === 0) return;
    try {
      options.log.commit([...gathered.values()]);
    } catch (error) {
      failure = error;
      throw error;
    }
    failure = undefined;
    gathered.clear();
  };
  const flushOrRetry = (): void => {
    try {
      flush();
    } catch (error) {
      options.logger.warn({ err: error }, `positions not committed: ${messageOf(error)}`);
      retry = setTimeout(flushOrRetry, RETRY_AFTER_MS);
    }
  };

  return {
    commitSoon(position) {
      gathered.set(`${position.group}/${position.topic}`, position);
      if (retry === undefined) immediate ??= setImmediate(flushOrRetry);
    },
    flush,
    failure: () => failure,
    close() {
      cancel();
      gathered.clear();
    },
  };
}
