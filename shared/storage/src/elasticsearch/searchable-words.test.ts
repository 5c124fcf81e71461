import { describe, expect, it } from '@jest/globals';
import { searchableWords, toQueryWords } from './searchable-words.ts';

describe('searchable words', () => {
  it.each([
    ['Built REST APIs in Node.js.', ['built', 'rest', 'apis', 'in', 'node', 'js']],
    ['café CAFÉ cafe\u0301', ['cafe', 'cafe', 'cafe']],
    ['C++/C# payments^2', ['c', 'c', 'payments', '2']],
    ['🌏 خبرة、日本語\u0000', ['خبرة', '日本語']],
    ['हिन्दी', ['हिन्दी']],
    ['👩‍💻 !? \ud800', []],
  ])('of %j', (text, words) => {
    expect(searchableWords(text)).toEqual(words);
  });

  it('of a question are asked for once each, and at most 1,000 of them', () => {
    expect(toQueryWords('Payments, payments: PAYMENTS gateway')).toBe('payments gateway');
    const many = Array.from({ length: 3_000 }, (_, index) => `word${index}`).join(' ');
    expect(toQueryWords(many)?.split(' ')).toHaveLength(1_000);
    expect(toQueryWords('…')).toBeUndefined();
  });
});
