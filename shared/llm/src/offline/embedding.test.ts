import { describe, expect, it } from '@jest/globals';

import { embed, EMBEDDING_DIMENSIONS, toBase64 } from './embedding.ts';

const similarity = (one: string, other: string): number => {
  const vector = embed(other);
  return embed(one).reduce((sum, value, index) => sum + value * (vector[index] ?? 0), 0);
};

describe('the embedding of a text', () => {
  it.each(['', ' \n', 'the of and yang', 'Databases', 'a'.repeat(1000), '日本語 😀'])(
    'has 256 numbers of unit length for %j',
    (text) => {
      const vector = embed(text);
      expect(vector).toHaveLength(EMBEDDING_DIMENSIONS);
      expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 9);
    },
  );

  it('puts an empty text far from every other', () => {
    expect(similarity('', 'queues and workers')).toBe(0);
  });

  it.each([
    ['database tests with a message queue', 'pengujian basis data dengan antrian pesan'],
    ['experience in developing applications', 'pengalaman mengembangkan aplikasi'],
    ['evaluating the candidate report', 'evaluasi laporan kandidat'],
  ])('puts "%s" near its translation', (english, indonesian) => {
    expect(similarity(english, indonesian)).toBeGreaterThan(0.6);
  });

  it('puts a text nearer to what it is about than to what it is not', () => {
    const query = 'retry failed jobs with back-off';
    expect(
      similarity(query, 'Jobs that failed are retried with exponential back-off.'),
    ).toBeGreaterThan(
      similarity(query, 'Croissants are folded three times and chilled overnight.') + 0.3,
    );
  });

  it('is little-endian 32-bit floats in base64', () => {
    const bytes = Buffer.from(toBase64([1, -0.5]), 'base64');
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.length]).toEqual([1, -0.5, 8]);
  });
});
