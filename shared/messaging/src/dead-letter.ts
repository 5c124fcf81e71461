import { BerkasError } from '@berkas/service-kit';
import type { DeliveredMessage, OutgoingMessage } from './event-bus.ts';

const MAXIMUM_REASON_CHARACTERS = 1_000;
const MAXIMUM_STACK_CHARACTERS = 4_000;

/** Where the messages that a group gave up wait for a person. */
export const deadLetterTopic = (group: string): string => `dead-letter.${group}`;

/** The stable code of an error: its own, or `internal_error` for anything that is a bug. */
export const codeOf = (error: unknown): string =>
  error instanceof BerkasError ? error.code : 'internal_error';

/**
 * The message as it came, byte for byte, with why it was given up in added headers. They hold codes,
 * names and places in the code: a foreign error's own message may quote a person, so only a
 * `BerkasError`, whose messages are ours, has its message repeated.
 */
export function toDeadLetter(
  message: DeliveredMessage,
  failure: {
    group: string;
    error: unknown;
    attempts: number;
    /** ISO 8601, UTC. */
    at: string;
    /** Why nobody was told on the stage's own topic, where that failed too. */
    giveUpError?: unknown;
  },
): OutgoingMessage {
  const { group, error, attempts, at, giveUpError } = failure;
  const stack = framesOf(error);
  return {
    topic: deadLetterTopic(group),
    key: message.key,
    value: message.value,
    headers: {
      ...message.headers,
      'dead-letter-code': codeOf(error),
      'dead-letter-reason': reasonOf(error),
      ...(stack === '' ? {} : { 'dead-letter-stack': stack }),
      'dead-letter-attempts': String(attempts),
      'dead-letter-topic': message.topic,
      'dead-letter-partition': String(message.partition),
      'dead-letter-offset': message.offset,
      'dead-letter-at': at,
      ...(giveUpError === undefined ? {} : { 'dead-letter-unannounced': codeOf(giveUpError) }),
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const reason = error instanceof BerkasError ? `${error.name}: ${error.message}` : error.name;
  return reason.slice(0, MAXIMUM_REASON_CHARACTERS);
}

/** A stack starts by repeating the message, which may have many lines: only frames are kept. */
function framesOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split('\n').filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line));
  return frames.join('\n').slice(0, MAXIMUM_STACK_CHARACTERS);
}
