import type { BerkasEvent, EventDefinition } from '@berkas/contracts';
import type { DeliveredMessage, EventBus } from '../event-bus.ts';
import { decodeEvent } from '../event-encoding.ts';

/** Every message of a topic so far, oldest first. */
export async function collectMessages(bus: EventBus, topic: string): Promise<DeliveredMessage[]> {
  const messages: DeliveredMessage[] = [];
  for await (const message of bus.replay(topic, new Date(0))) messages.push(message);
  return messages;
}

/** Every event of a definition so far, oldest first; rejects with an `EventInvalidError`. */
export async function collectEvents<Data>(
  bus: EventBus,
  definition: EventDefinition<Data>,
): Promise<BerkasEvent<Data>[]> {
  const messages = await collectMessages(bus, definition.topic);
  return messages.map((message) => decodeEvent(definition, message));
}
