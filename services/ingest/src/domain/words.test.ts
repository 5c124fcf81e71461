import { describe, expect, it } from '@jest/globals';
import type { UprightCharacter } from './page-character.ts';
import { formWords } from './words.ts';

const at = (text: string, left: number, baseline = 700): UprightCharacter => ({
  text,
  left,
  right: left + 5,
  baseline,
  size: 10,
});
const texts = (characters: UprightCharacter[]): string[] =>
  formWords(characters).map(({ text }) => text);

describe('formWords', () => {
  it('ends a word at a space of the document and remembers the space', () => {
    expect(formWords([at('a', 0), at('b', 5), at(' ', 10), at('c', 15)])).toMatchObject([
      { text: 'ab', left: 0, right: 10, spaceAfter: true, order: 0 },
      { text: 'c', left: 15, right: 20, spaceAfter: false, order: 1 },
    ]);
  });

  it('ends a word where the drawing jumps ahead, back or to another baseline', () => {
    expect(texts([at('a', 0), at('b', 9), at('c', 2), at('d', 7, 688)])).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  it('keeps the pieces of a ligature and the halves of a surrogate pair, drawn in one place', () => {
    expect(texts([at('f', 0), at('i', 0), at('\ud83d', 5), at('\ude00', 5)])).toEqual(['fi😀']);
  });

  it('drops control characters and a non-breaking space counts as a space', () => {
    expect(texts([at('a', 0), at('\u0000', 5), at('\u00a0', 5), at('b', 10)])).toEqual(['a', 'b']);
  });
});
