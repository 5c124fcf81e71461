import { BusError } from './bus-error.ts';
import type { OutgoingMessage, SubscribeOptions } from './event-bus.ts';

/** Room that a message keeps for the headers a dead letter adds, in bytes. */
export const DEAD_LETTER_HEADROOM_BYTES = 16 * 1024;

/**
 * Most that key, headers and value of one message may take together: what Kafka's default
 * `message.max.bytes` (1,048,588) leaves after its own framing. Both adapters hold to it, so that
 * what runs embedded also runs on Kafka.
 */
export const MAXIMUM_MESSAGE_BYTES = 1024 * 1024 - DEAD_LETTER_HEADROOM_BYTES;

/** Most that an event may take, so that its dead letter still fits. */
export const MAXIMUM_EVENT_BYTES = MAXIMUM_MESSAGE_BYTES - DEAD_LETTER_HEADROOM_BYTES;

// Kafka's own rule for topics. Groups share it because the name of a dead-letter topic holds the
// group's, and are shorter for the same reason.
const TOPIC_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;
const GROUP_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,200}$/;

/** The size of a message as the limits count it, in bytes. */
export function messageBytes({ key, headers, value }: OutgoingMessage): number {
  let bytes = Buffer.byteLength(key) + value.byteLength;
  for (const [name, content] of Object.entries(headers)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(content);
  }
  return bytes;
}

/** Throws a `BusError` for the first message that no bus may take. */
export function assertPublishable(messages: readonly OutgoingMessage[]): void {
  for (const message of messages) {
    if (!TOPIC_NAME.test(message.topic)) {
      throw new BusError('message_invalid', `Not a topic name: ${JSON.stringify(message.topic)}.`);
    }
    const bytes = messageBytes(message);
    if (bytes > MAXIMUM_MESSAGE_BYTES) {
      throw new BusError(
        'message_too_large',
        `A message for ${message.topic} has ${bytes} bytes; the limit is ${MAXIMUM_MESSAGE_BYTES}.`,
      );
    }
  }
}

/** Throws a `BusError` for a subscription that no bus may make. */
export function assertSubscribable({ group, topic, concurrency }: SubscribeOptions): void {
  const problem = !GROUP_NAME.test(group)
    ? `not a group name: ${JSON.stringify(group)}`
    : !TOPIC_NAME.test(topic)
      ? `not a topic name: ${JSON.stringify(topic)}`
      : !Number.isSafeInteger(concurrency) || concurrency < 1
        ? `concurrency must be a whole number of at least 1, not ${concurrency}`
        : undefined;
  if (problem !== undefined)
    throw new BusError('subscription_invalid', `Subscription: ${problem}.`);
}
