import { describe, expect, it } from '@jest/globals';
import { DeadLetter } from '@berkas/contracts';
import { toDeadLetter, type DeliveredMessage } from '@berkas/messaging';
import { BerkasError } from '@berkas/service-kit';
import { readLetter } from './read-letter.ts';

const EVALUATION = 'eval_0123456789abcdef01234567';
const AT = '2026-01-02T03:04:05.000Z';
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const original: DeliveredMessage = {
  topic: 'berkas.evaluation-prepared.v1',
  partition: 3,
  offset: '42',
  timestampMs: 0,
  key: EVALUATION,
  headers: { ce_id: 'id', ce_type: 'evaluation-prepared' },
  value: encode(JSON.stringify({ evaluationId: EVALUATION, run: 'live', round: 2, more: 1 })),
};

/** As it is delivered from the dead letters of the evaluator. */
const given = (message: DeliveredMessage, error: unknown, offset = '7'): DeliveredMessage => ({
  ...toDeadLetter(message, { group: 'cv-evaluator', error, attempts: 8, at: AT }),
  partition: 0,
  offset,
  timestampMs: Date.parse('2026-02-02T00:00:00.000Z'),
});
const away = (): BerkasError =>
  new BerkasError('The model is away.', { code: 'model_unavailable', retryable: true });
const read = (message: DeliveredMessage): DeadLetter =>
  DeadLetter.parse(readLetter('cv-evaluator', message));

describe('a dead letter', () => {
  it('says what was given up, where it stood, why, and what it is about', () => {
    const { id, stack, ...letter } = read(given(original, away()));
    expect(id).toMatch(/^dl_[0-9a-f]{24}$/);
    expect(stack).toMatch(/^\s+at /);
    expect(letter).toEqual({
      state: 'open',
      group: 'cv-evaluator',
      topic: original.topic,
      partition: 3,
      offset: '42',
      key: EVALUATION,
      code: 'model_unavailable',
      reason: 'BerkasError: The model is away.',
      attempts: 8,
      at: AT,
      evaluationId: EVALUATION,
      run: 'live',
      round: 2,
      headers: original.headers,
      value: Buffer.from(original.value).toString('base64'),
    });
  });

  it('has the id of the place of its event, wherever the letter itself stands', () => {
    const id = read(given(original, away())).id;
    expect(read(given(original, new TypeError('x'), '8')).id).toBe(id);
    expect(read(given({ ...original, offset: '43' }, away())).id).not.toBe(id);
    expect(read(given({ ...original, partition: 4 }, away())).id).not.toBe(id);
    expect(readLetter('synthesizer', given(original, away())).id).not.toBe(id);
  });

  it.each([
    ['bytes that are no text', new Uint8Array([0xff, 0xfe])],
    ['text that is no JSON', encode('{"evaluationId": ')],
    ['JSON that is no object', encode('[1]')],
    ['ids that are none', encode(JSON.stringify({ evaluationId: 'x', run: 'A B', round: -1 }))],
  ])('of %s is about nothing that is known, and keeps them', (_case, value) => {
    const letter = read(given({ ...original, value }, away()));
    expect(letter).toMatchObject({
      evaluationId: '',
      value: Buffer.from(value).toString('base64'),
    });
    expect(letter).not.toHaveProperty('run');
    expect(letter).not.toHaveProperty('round');
  });

  it('keeps the ids that are some beside those that are none', () => {
    const documentId = 'doc_0123456789abcdef01234567';
    const value = encode(JSON.stringify({ documentId, evaluationId: 7 }));
    expect(read(given({ ...original, value }, away()))).toMatchObject({
      evaluationId: '',
      documentId,
    });
  });

  it('without any of the headers is recorded with what is known', () => {
    const message = { ...given(original, away()), headers: { other: 'header' } };
    expect(read(message)).toMatchObject({
      group: 'cv-evaluator',
      topic: 'dead-letter.cv-evaluator',
      partition: 0,
      offset: '7',
      code: 'unknown',
      attempts: 0,
      at: '2026-02-02T00:00:00.000Z',
      evaluationId: EVALUATION,
      headers: { other: 'header' },
    });
    expect(read({ ...message, offset: '8' }).id).not.toBe(read(message).id);
  });
});
