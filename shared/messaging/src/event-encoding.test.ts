import { describe, expect, it } from '@jest/globals';
import { createEvent, documentUploaded } from '@berkas/contracts';
import { decodeEvent, encodeEvent, EventInvalidError, publishEvents } from './event-encoding.ts';
import type { OutgoingMessage } from './event-bus.ts';
import { collectEvents, createTemporaryEventBus } from './testing/index.ts';

const DOCUMENT_ID = `doc_${'0a'.repeat(12)}`;
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const uploaded = (traceparent?: string) =>
  createEvent(
    documentUploaded,
    { documentId: DOCUMENT_ID, kind: 'cv', bytes: 12, sha256: 'ab'.repeat(32) },
    { source: 'gateway', time: '2026-01-02T03:04:05.000Z', traceparent },
  );

const invalidity = (message: Pick<OutgoingMessage, 'headers' | 'value'>): string => {
  try {
    decodeEvent(documentUploaded, message);
  } catch (error) {
    if (error instanceof EventInvalidError) return error.message;
  }
  return 'it was valid';
};

describe('encodeEvent', () => {
  it('maps the envelope to headers and the data to JSON', () => {
    const message = encodeEvent(uploaded(TRACE));
    expect({ ...message, value: new TextDecoder().decode(message.value) }).toEqual({
      topic: 'berkas.document-uploaded.v1',
      key: DOCUMENT_ID,
      headers: {
        ce_specversion: '1.0',
        ce_id: `document-uploaded.v1:${DOCUMENT_ID}`,
        ce_type: 'document-uploaded',
        ce_source: 'gateway',
        ce_subject: DOCUMENT_ID,
        ce_time: '2026-01-02T03:04:05.000Z',
        'content-type': 'application/json',
        traceparent: TRACE,
      },
      value: `{"documentId":"${DOCUMENT_ID}","kind":"cv","bytes":12,"sha256":"${'ab'.repeat(32)}"}`,
    });
  });

  it('refuses an envelope that is not one', () => {
    const { event, ...place } = uploaded();
    expect(() => encodeEvent({ ...place, event: { ...event, time: 'yesterday' } })).toThrow();
  });

  it('refuses an event whose dead letter would not fit', () => {
    const { event, ...place } = uploaded();
    const large = { ...event, data: 'x'.repeat(1024 * 1024) };
    expect(() => encodeEvent({ ...place, event: large })).toThrow(
      expect.objectContaining({ code: 'message_too_large' }),
    );
  });
});

describe('decodeEvent', () => {
  it('gives back what was encoded, with and without a trace', () => {
    for (const outgoing of [uploaded(), uploaded(TRACE)]) {
      expect(decodeEvent(documentUploaded, encodeEvent(outgoing))).toEqual(outgoing.event);
    }
  });

  it('reads a content type with parameters', () => {
    const { headers, value } = encodeEvent(uploaded());
    const withCharset = { ...headers, 'content-type': 'application/json; charset=utf-8' };
    expect(decodeEvent(documentUploaded, { headers: withCharset, value })).toEqual(
      uploaded().event,
    );
  });

  it('says what is wrong without repeating what the message holds', () => {
    const { headers, value } = encodeEvent(uploaded());
    const encoder = new TextEncoder();
    expect(invalidity({ headers, value: encoder.encode('Jane Doe, 1 High Street') })).toBe(
      'The message is not a valid event: the value is not JSON in UTF-8.',
    );
    expect(invalidity({ headers, value: encoder.encode('{"documentId":"Jane Doe"}') })).toBe(
      'The message is not a valid event: data.documentId (invalid_format), data.kind (invalid_value), data.bytes (invalid_type), data.sha256 (invalid_type).',
    );
    expect(invalidity({ headers: {}, value })).toContain('specversion (invalid_value)');
    expect(invalidity({ headers: { ...headers, ce_type: 'other' }, value })).toBe(
      'The message is not a valid event: type (invalid_value).',
    );
  });

  it('refuses bytes that are not UTF-8', () => {
    const { headers } = encodeEvent(uploaded());
    expect(invalidity({ headers, value: new Uint8Array([0x22, 0xff, 0x22]) })).toContain('UTF-8');
  });
});

describe('publishEvents', () => {
  it('publishes events that can be collected again, and nothing for an empty list', async () => {
    const bus = createTemporaryEventBus();
    await publishEvents(bus, []);
    expect(await collectEvents(bus, documentUploaded)).toEqual([]);
    await publishEvents(bus, [uploaded()]);
    expect(await collectEvents(bus, documentUploaded)).toEqual([uploaded().event]);
    await bus.dispose();
  });
});
