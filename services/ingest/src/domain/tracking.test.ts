import { describe, expect, it } from '@jest/globals';
import { joinSpacedOut } from './tracking.ts';
import type { Word } from './words.ts';

/** Letters of half an em, `gap` apart; a space of the text adds a quarter of an em and one more gap. */
function spaced(text: string, gap: number, baseline = 700): Word[] {
  let left = 50;
  return Array.from(text).flatMap((letter, order) => {
    const here = left;
    left += letter === ' ' ? 2.5 + gap : 5 + gap;
    if (letter === ' ') return [];
    return [
      { text: letter, left: here, right: here + 5, baseline, size: 10, spaceAfter: true, order },
    ];
  });
}
const texts = (words: readonly Word[]): string[] => joinSpacedOut(words).map(({ text }) => text);

describe('joinSpacedOut', () => {
  it.each([1.6, 3, 5])('puts words together whose letters are %s points apart', (gap) => {
    expect(texts(spaced('WORK EXPERIENCE', gap))).toEqual(['WORK', 'EXPERIENCE']);
  });

  it('keeps the box of the whole word', () => {
    expect(joinSpacedOut(spaced('SKILLS', 3))).toMatchObject([
      { text: 'SKILLS', left: 50, right: 95, order: 0 },
    ]);
  });

  it('leaves running text alone, however many short words it has', () => {
    const words = ['I', 'am', 'a', 'nurse', 'in', 'a', 'ward'].map((text, order): Word => ({
      ...{ text, baseline: 700, size: 10, spaceAfter: true, order },
      left: 50 + order * 30,
      right: 75 + order * 30,
    }));
    expect(joinSpacedOut(words)).toEqual(words);
  });

  it('does not reach over to another line', () => {
    expect(texts([...spaced('ABC', 3), ...spaced('DEF', 3, 680)])).toHaveLength(6);
  });
});
