import { describe, expect, it } from '@jest/globals';
import { BerkasError } from '@berkas/service-kit';
import { toDeadLetter } from './dead-letter.ts';
import { MAXIMUM_EVENT_BYTES, MAXIMUM_MESSAGE_BYTES, messageBytes } from './message-rules.ts';

const message = {
  topic: 'berkas.document-uploaded.v1',
  partition: 3,
  offset: '42',
  timestampMs: 0,
  key: 'doc',
  headers: { ce_id: 'id', 'dead-letter-code': 'of an earlier failure' },
  value: new Uint8Array([0, 255]),
};
const about = { group: 'ingest', attempts: 2, at: '2026-01-02T03:04:05.000Z' };

describe('toDeadLetter', () => {
  it('keeps key, headers and bytes, and adds why, where and when', () => {
    const error = new BerkasError('The model is away.', { code: 'model_away', retryable: true });
    const { headers, ...rest } = toDeadLetter(message, { ...about, error });
    const { 'dead-letter-stack': stack, ...others } = headers;
    expect(rest).toEqual({ topic: 'dead-letter.ingest', key: 'doc', value: message.value });
    expect(stack).toMatch(/^\s+at /);
    expect(others).toEqual({
      ce_id: 'id',
      'dead-letter-code': 'model_away',
      'dead-letter-reason': 'BerkasError: The model is away.',
      'dead-letter-attempts': '2',
      'dead-letter-topic': 'berkas.document-uploaded.v1',
      'dead-letter-partition': '3',
      'dead-letter-offset': '42',
      'dead-letter-at': '2026-01-02T03:04:05.000Z',
    });
  });

  it('never repeats the message of a foreign error, which may quote a person', () => {
    const error = new TypeError('Cannot read Jane Doe\n  at home in High Street\nof undefined');
    const { headers } = toDeadLetter(message, { ...about, error });
    expect(headers['dead-letter-code']).toBe('internal_error');
    expect(headers['dead-letter-reason']).toBe('TypeError');
    expect(JSON.stringify(headers)).not.toMatch(/Jane|High Street/);
  });

  it('copes with what is thrown and is no error', () => {
    const { headers } = toDeadLetter(message, { ...about, error: 'Jane Doe' });
    expect(headers['dead-letter-reason']).toBe('a thrown string');
    expect(headers['dead-letter-stack']).toBeUndefined();
  });

  it('fits wherever the event fitted, however long the error is', () => {
    const error = new BerkasError('鍵'.repeat(100_000), { code: 'long', retryable: false });
    error.stack = '    at 鍵 (file.ts:1:1)\n'.repeat(10_000);
    const largest = {
      ...message,
      key: '',
      headers: {},
      value: new Uint8Array(MAXIMUM_EVENT_BYTES),
    };
    expect(messageBytes(toDeadLetter(largest, { ...about, error }))).toBeLessThanOrEqual(
      MAXIMUM_MESSAGE_BYTES,
    );
  });
});
