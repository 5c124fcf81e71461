import { describe, expect, it } from '@jest/globals';
import { createQuoteFinder } from './evidence.ts';

const find = createQuoteFinder([
  {
    number: 1,
    text: 'Led the payments team.\nCut p95 latency by 43 %\nwith a read-through cache.',
  },
  { number: 2, text: 'Membangun layanan “pencarian” dengan Elasticsearch. Efﬁcient indexing.' },
]);

describe('looking for a quote in a document', () => {
  it('finds it across a line break, in the words of the document and with its page', () => {
    expect(find('cut P95 latency by 43% with a read through cache')).toEqual({
      quote: 'Cut p95 latency by 43 % with a read-through cache',
      page: 1,
    });
  });

  it('finds it in spite of typographic quotes and ligatures', () => {
    expect(find('layanan "pencarian" dengan')).toEqual({
      quote: 'layanan “pencarian” dengan',
      page: 2,
    });
    expect(find('Efficient indexing')?.page).toBe(2);
  });

  it('finds a quote that runs over to the next page and names the page where it starts', () => {
    expect(find('read-through cache. Membangun layanan')?.page).toBe(1);
  });

  it('does not find other words, however near', () => {
    expect(find('Cut p95 latency by 45 %')).toBeUndefined();
    expect(find('Led the payment teams')).toBeUndefined();
  });

  it('takes nothing for a quote that is empty or too short to prove anything', () => {
    for (const quote of ['', ' ', '-', 'a', '--a-']) expect(find(quote)).toBeUndefined();
  });

  it('keeps its place behind characters that fold to more than one or to none', () => {
    const finder = createQuoteFinder([{ number: 7, text: '😀 ﬃ İ \u00ad— Redis cluster' }]);
    expect(finder('redis cluster')).toEqual({ quote: 'Redis cluster', page: 7 });
  });

  it('finds whole words and whole numbers, not what is left when one is cut', () => {
    const finder = createQuoteFinder([
      { number: 1, text: 'JavaScript, 15 years, 2.5 months; unable to lead a team of 40,000.' },
    ]);
    for (const quote of ['Java', 'Script', '5 years', '5 months', 'able to lead', 'a team of 40']) {
      expect([quote, finder(quote)]).toEqual([quote, undefined]);
    }
    expect(finder('15 years')?.quote).toBe('15 years');
    expect(finder('a team of 40,000')?.quote).toBe('a team of 40,000');
  });

  it('goes on to a later place where the words stand whole', () => {
    const finder = createQuoteFinder([
      { number: 1, text: 'JavaScript' },
      { number: 2, text: 'Java (8 years)' },
    ]);
    expect(finder('Java')).toEqual({ quote: 'Java', page: 2 });
  });

  it('finds words of a script that has no spaces inside a sentence', () => {
    const finder = createQuoteFinder([{ number: 1, text: '私は東京で働いています' }]);
    expect(finder('東京で')?.quote).toBe('東京で');
  });

  it('takes an accent for the same, in one character or in two', () => {
    const finder = createQuoteFinder([{ number: 1, text: 'Cafe\u0301 menu, caf\u00e9 orders' }]);
    expect(finder('caf\u00e9 menu')?.page).toBe(1);
    expect(finder('cafe\u0301 orders')?.page).toBe(1);
    expect(finder('cafe menu')).toBeUndefined();
  });
});
