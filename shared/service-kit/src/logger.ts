import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * One JSON object a line. Logs carry ids, codes and numbers, never a person's words: the redaction
 * is the second lock, for the day someone logs a whole request.
 */
export function createLogger(options: {
  level: LogLevel;
  service?: string;
  /** Standard error by default: standard output belongs to what a command prints. */
  destination?: DestinationStream;
}): Logger {
  return pino(
    {
      level: options.level,
      base: options.service === undefined ? null : { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          'authorization',
          'apiKey',
          '*.authorization',
          '*.apiKey',
          'text',
          '*.text',
          'quote',
          '*.quote',
          'filename',
          '*.filename',
        ],
        censor: '[redacted]',
      },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
}
