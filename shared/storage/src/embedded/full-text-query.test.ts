import { describe, expect, it } from '@jest/globals';
import { toFullTextQuery } from './full-text-query.ts';

describe('toFullTextQuery', () => {
  it.each([
    ['Node.js and C++', '"node" OR "js" OR "and" OR "c"'],
    ['payments, Payments; PAYMENTS', '"payments"'],
    ['NOT (a* OR "b")', '"not" OR "a" OR "or" OR "b"'],
    ['e\u0301cole 日本 ٣', '"e\u0301cole" OR "日本" OR "٣"'],
    ['snake_case-word', '"snake" OR "case" OR "word"'],
  ])('quotes each word of %j once', (text, query) => {
    expect(toFullTextQuery(text)).toBe(query);
  });

  it.each(['', ' \n', '"', '🌏', '\u0301', '*()^:-', '\ud800\u0000'])(
    'finds no word in %j',
    (text) => {
      expect(toFullTextQuery(text)).toBeUndefined();
    },
  );

  it('takes the first 1,000 different words of a longer text', () => {
    const text = Array.from({ length: 3_000 }, (_, index) => `w${index % 1_500}`).join(' ');
    const words = toFullTextQuery(text)?.split(' OR ') ?? [];
    expect(words).toHaveLength(1_000);
    expect(words.at(-1)).toBe('"w999"');
  });
});
