import type { KafkaMessage, Message } from 'kafkajs';
import type { DeliveredMessage, OutgoingMessage } from '../event-bus.ts';

/** As the client sends it. The time is ours: the server keeps it as the time of publication. */
export function toKafkaMessage(
  { key, headers, value }: OutgoingMessage,
  publishedAtMs: number,
): Message {
  return {
    key: Buffer.from(key),
    headers: { ...headers },
    value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    timestamp: String(publishedAtMs),
  };
}

/**
 * As the port delivers it. What another client published without a key or value comes with an empty
 * one; of a header given several times the last counts.
 */
export function fromKafkaMessage(
  place: { topic: string; partition: number },
  { key, headers, value, offset, timestamp }: KafkaMessage,
): DeliveredMessage {
  const texts = Object.entries(headers ?? {}).map(([name, content]) => {
    const last = Array.isArray(content) ? content.at(-1) : content;
    return [name, last?.toString() ?? ''];
  });
  return {
    ...place,
    key: key?.toString() ?? '',
    headers: Object.fromEntries(texts) as Record<string, string>,
    // A copy: the library's is a view that would keep the whole answer of the server in memory.
    value: Uint8Array.from(value ?? []),
    offset,
    timestampMs: Number(timestamp),
  };
}
