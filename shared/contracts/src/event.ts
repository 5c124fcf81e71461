import { z } from 'zod';

/**
 * One version of one event: type, topic, partition key, identity and schema together.
 * Parsed when published and when consumed; unknown fields are ignored.
 */
export interface EventDefinition<Data = unknown> {
  readonly type: string;
  readonly version: number;
  readonly topic: string;
  readonly schema: z.ZodType<Data>;
  /** Events with the same key are handled in order. */
  key(data: Data): string;
  /** What the event is about, so that making it again gives the same event id. */
  identity(data: Data): string;
}

/** CloudEvents 1.0 in its structured form; transports map it to their own (Kafka: binary binding). */
export interface BerkasEvent<Data = unknown> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Data;
  /** W3C trace context. */
  readonly traceparent?: string;
}

/** An event with what a transport needs to place it. */
export interface OutgoingEvent<Data = unknown> {
  readonly topic: string;
  readonly key: string;
  readonly event: BerkasEvent<Data>;
}

export function defineEvent<Data>(options: {
  type: string;
  version: number;
  schema: z.ZodType<Data>;
  key: (data: Data) => string;
  identity: (data: Data) => string;
}): EventDefinition<Data> {
  return { ...options, topic: `berkas.${options.type}.v${options.version}` };
}

/**
 * Builds an event whose id follows from what it is about: a redelivered input makes the very same
 * event again. Throws a ZodError when the data does not fit, which is a bug of the caller.
 */
export function createEvent<Data>(
  definition: EventDefinition<Data>,
  data: Data,
  context: { source: string; time: string; traceparent?: string | undefined },
): OutgoingEvent<Data> {
  const parsed = definition.schema.parse(data);
  return {
    topic: definition.topic,
    key: definition.key(parsed),
    event: {
      specversion: '1.0',
      id: `${definition.type}.v${definition.version}:${definition.identity(parsed)}`,
      type: definition.type,
      source: context.source,
      subject: definition.key(parsed),
      time: context.time,
      datacontenttype: 'application/json',
      data: parsed,
      ...(context.traceparent === undefined ? {} : { traceparent: context.traceparent }),
    },
  };
}

export const Envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  type: z.string().min(1),
  source: z.string().min(1),
  subject: z.string(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  data: z.unknown(),
  traceparent: z.string().optional(),
});

/** Making a schema costs far more than parsing with it, so each definition's is made once. */
const envelopes = new WeakMap<object, z.ZodType>();

function envelopeOf<Data>(definition: EventDefinition<Data>): z.ZodType {
  const made = envelopes.get(definition);
  if (made !== undefined) return made;
  const { type, schema } = definition;
  const envelope = Envelope.extend({ type: z.literal(type), data: schema });
  envelopes.set(definition, envelope);
  return envelope;
}

/** Parses envelope and data against one definition; throws a ZodError naming what is wrong. */
export function parseEvent<Data>(
  definition: EventDefinition<Data>,
  raw: unknown,
): BerkasEvent<Data> {
  return envelopeOf(definition).parse(raw) as BerkasEvent<Data>;
}
