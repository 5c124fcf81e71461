import { expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import { logLevel } from 'kafkajs';
import { createKafkaLog, kafkaLogLevel } from './kafka-log.ts';

function logged(
  level: logLevel,
  namespace: string,
  log: { message: string; [key: string]: unknown },
) {
  const lines: string[] = [];
  const logger = createLogger({
    level: 'trace',
    destination: { write: (line) => lines.push(line) },
  });
  createKafkaLog(logger)({
    namespace,
    level,
    label: 'LABEL',
    log: { timestamp: '2026-01-02T03:04:05.000Z', logger: 'kafkajs', ...log },
  });
  return lines.map((line) => {
    const { time: _, ...rest } = JSON.parse(line) as Record<string, unknown>;
    return rest;
  });
}

it('logs a level lower than the library shouts, with ids and without what a message carries', () => {
  const log = { message: 'Crash', groupId: 'g:t', error: new Error('gone'), messages: ['Budi'] };
  expect(logged(logLevel.ERROR, 'Consumer', log)).toEqual([
    { level: 40, kafka: 'Consumer', groupId: 'g:t', error: 'gone', msg: 'Crash' },
  ]);
  const levels = [logLevel.WARN, logLevel.INFO, logLevel.DEBUG];
  const numbers = levels.map((level) => logged(level, 'Consumer', { message: 'm' })[0]?.['level']);
  expect(numbers).toEqual([30, 20, 10]);
});

it('keeps what servers answer while they look for a coordinator at debug', () => {
  const message = 'Response GroupCoordinator(key: 10, version: 2)';
  expect(logged(logLevel.ERROR, 'Connection', { message })[0]).toMatchObject({ level: 20 });
});

it('asks the library for no more than the logger takes', () => {
  const levels = (['silent', 'info', 'debug', 'trace'] as const).map((level) =>
    kafkaLogLevel(createLogger({ level })),
  );
  expect(levels).toEqual([logLevel.ERROR, logLevel.WARN, logLevel.INFO, logLevel.DEBUG]);
});
