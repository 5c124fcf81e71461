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
});
