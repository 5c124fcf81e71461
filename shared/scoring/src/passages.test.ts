import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutIntoPassages } from './passages.ts';

const sentence = 'The service keeps what it was given and says what it did. ';

describe('cutting a document into passages', () => {
  it('keeps a short page as one passage with its page number', () => {
    expect(cutIntoPassages([{ number: 3, text: 'Skills\n\nNode.js, PostgreSQL' }])).toEqual([
      { page: 3, text: 'Skills\n\nNode.js, PostgreSQL' },
    ]);
  });

  it('never joins two pages', () => {
    const passages = cutIntoPassages([
      { number: 1, text: 'One' },
      { number: 2, text: 'Two' },
    ]);
    expect(passages.map(({ page }) => page)).toEqual([1, 2]);
  });

  it('cuts a long paragraph between sentences', () => {
    const passages = cutIntoPassages([{ number: 1, text: sentence.repeat(30) }]);
    expect(passages.length).toBeGreaterThan(2);
    for (const { text } of passages) expect(text.endsWith('.')).toBe(true);
  });

  it('makes no passage of blank pages', () => {
    expect(cutIntoPassages([{ number: 1, text: ' \n\n \n' }])).toEqual([]);
  });

  it('loses no word and keeps to the limit, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 900 }), { maxLength: 8 }), (parts) => {
        const text = parts.join('\n\n');
        const passages = cutIntoPassages([{ number: 1, text }]);
        const squeeze = (value: string) => value.replace(/\s+/g, '');
        expect(squeeze(passages.map((passage) => passage.text).join(''))).toBe(squeeze(text));
        for (const passage of passages) expect(passage.text.length).toBeLessThanOrEqual(700);
      }),
    );
  });
});
