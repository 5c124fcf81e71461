import {
  Envelope,
  parseEvent,
  type BerkasEvent,
  type EventDefinition,
  type OutgoingEvent,
} from '@berkas/contracts';
import { BerkasError } from '@berkas/service-kit';
import { BusError } from './bus-error.ts';
import type { EventBus, OutgoingMessage } from './event-bus.ts';
import { MAXIMUM_EVENT_BYTES, messageBytes } from './message-rules.ts';

const JSON_TYPE = 'application/json';

/** A message is not an event of the definition it was read for; the message names the places only. */
export class EventInvalidError extends BerkasError {
  constructor(problem: string) {
    super(`The message is not a valid event: ${problem}.`, {
      code: 'event_invalid',
      retryable: false,
    });
  }
}

/**
 * CloudEvents 1.0, Kafka protocol binding, binary content mode: attributes as `ce_*` headers, the
 * data as JSON. Throws a ZodError for a bad envelope, a `BusError` for an event that is too large.
 */
export function encodeEvent({ topic, key, event }: OutgoingEvent): OutgoingMessage {
  const envelope = Envelope.parse(event);
  const message = {
    topic,
    key,
    headers: {
      ce_specversion: envelope.specversion,
      ce_id: envelope.id,
      ce_type: envelope.type,
      ce_source: envelope.source,
      ce_subject: envelope.subject,
      ce_time: envelope.time,
      'content-type': JSON_TYPE,
      ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
    },
    value: new TextEncoder().encode(JSON.stringify(envelope.data)),
  };
  const bytes = messageBytes(message);
  if (bytes > MAXIMUM_EVENT_BYTES) {
    throw new BusError('message_too_large', `Event ${envelope.id} has ${bytes} bytes.`);
  }
  return message;
}

/** The event in a message, parsed by its definition; throws an `EventInvalidError`. */
export function decodeEvent<Data>(
  definition: EventDefinition<Data>,
  { headers, value }: Pick<OutgoingMessage, 'headers' | 'value'>,
): BerkasEvent<Data> {
  const contentType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const raw = {
    specversion: headers['ce_specversion'],
    id: headers['ce_id'],
    type: headers['ce_type'],
    source: headers['ce_source'],
    subject: headers['ce_subject'],
    time: headers['ce_time'],
    datacontenttype: contentType,
    data: parseJson(value),
    ...(headers['traceparent'] === undefined ? {} : { traceparent: headers['traceparent'] }),
  };
  try {
    return parseEvent(definition, raw);
  } catch (error) {
    throw new EventInvalidError(placesOf(error));
  }
}

/** Encodes and publishes: all of them or none. Rejects as `encodeEvent` and the bus do. */
export async function publishEvents(
  bus: EventBus,
  events: readonly OutgoingEvent[],
): Promise<void> {
  await bus.publish(events.map(encodeEvent));
}

function parseJson(value: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value));
  } catch {
    // The parser's own message quotes the content, which may be anything: it stays out.
    throw new EventInvalidError('the value is not JSON in UTF-8');
  }
}

type Issue = { path: readonly PropertyKey[]; code: string };

/** Where the data does not fit and how, without what it holds. */
function placesOf(error: unknown): string {
  const issues = (error as { issues?: readonly Issue[] }).issues ?? [];
  const places = issues.slice(0, 10).map(({ path, code }) => `${path.join('.')} (${code})`);
  return places.length === 0 ? 'it cannot be parsed' : places.join(', ');
}
