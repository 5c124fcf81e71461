import { expect, it } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import { fromKafkaMessage, toKafkaMessage } from './kafka-message.ts';

const place = { topic: 't', partition: 2 };
const received = (fields: Partial<KafkaMessage>): KafkaMessage =>
  ({
    key: null,
    value: null,
    offset: '9007199254740993',
    timestamp: '1700000000000',
    ...fields,
  }) as KafkaMessage;

it('sends exactly the bytes of a view, and the time that it is given', () => {
  const value = Uint8Array.from([0, 1, 2, 255]).subarray(1, 4);
  const sent = toKafkaMessage(
    { topic: 't', key: 'é', headers: { a: '' }, value },
    1_700_000_000_000,
  );
  expect(sent).toEqual({
    key: Buffer.from('é'),
    headers: { a: '' },
    value: Buffer.from([1, 2, 255]),
    timestamp: '1700000000000',
  });
});

it('delivers what others published without a key, a value or headers', () => {
  expect(fromKafkaMessage(place, received({}))).toEqual({
    ...place,
    key: '',
    headers: {},
    value: new Uint8Array(),
    offset: '9007199254740993',
    timestampMs: 1_700_000_000_000,
  });
});

it('takes the last of a header given several times', () => {
  const headers = { a: [Buffer.from('1'), Buffer.from('2')], b: Buffer.from('é'), c: undefined };
  expect(fromKafkaMessage(place, received({ headers })).headers).toEqual({ a: '2', b: 'é', c: '' });
});

it('holds on to its own bytes, not to the whole answer they came in', () => {
  const answer = Buffer.alloc(1_000_000);
  const { value } = fromKafkaMessage(place, received({ value: answer.subarray(10, 20) }));
  expect(value.buffer.byteLength).toBe(10);
});
