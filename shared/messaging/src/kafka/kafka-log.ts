import type { Logger } from '@berkas/service-kit';
import { logLevel, type LogEntry } from 'kafkajs';

/** What may be taken over from an entry: ids and numbers, never what a message carries. */
const FIELDS = [
  'broker',
  'clientId',
  'error',
  'groupId',
  'memberId',
  'partition',
  'retryCount',
  'retryTime',
  'topic',
] as const;

type Level = 'warn' | 'info' | 'debug' | 'trace';

/** Sends what the client library logs to our logger, a level lower than it shouts. */
export function createKafkaLog(logger: Logger): (entry: LogEntry) => void {
  return (entry) => {
    const level = levelOf(entry);
    if (!logger.isLevelEnabled(level)) return;
    const content: Record<string, unknown> = entry.log;
    const fields = FIELDS.filter((name) => content[name] !== undefined).map((name) => [
      name,
      plain(content[name]),
    ]);
    logger[level]({ kafka: entry.namespace, ...Object.fromEntries(fields) }, entry.log.message);
  };
}

/** The most that the client library need say for the logger's own level. */
export function kafkaLogLevel(logger: Logger): logLevel {
  if (logger.isLevelEnabled('trace')) return logLevel.DEBUG;
  if (logger.isLevelEnabled('debug')) return logLevel.INFO;
  return logger.isLevelEnabled('info') ? logLevel.WARN : logLevel.ERROR;
}

function levelOf({ level, namespace, log }: LogEntry): Level {
  // A server that is still looking for a group's coordinator refuses; the library asks again.
  if (namespace === 'Connection' && log.message.startsWith('Response ')) return 'debug';
  if (level === logLevel.ERROR) return 'warn';
  if (level === logLevel.WARN) return 'info';
  return level === logLevel.INFO ? 'debug' : 'trace';
}

const plain = (value: unknown): unknown => (value instanceof Error ? value.message : value);
