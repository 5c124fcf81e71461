import { describe, expect, it } from '@jest/globals';
import { lineText } from './lines.ts';
import { linesOfRows } from './rows.ts';
import type { Word } from './words.ts';

/** The words of one line of 10 pt text with letters 5 pt wide and spaces of 5 pt. */
function line(text: string, left: number, baseline: number): Word[] {
  let x = left;
  return text.split(' ').map((word) => {
    const placed = { text: word, left: x, right: x + word.length * 5, baseline };
    x = placed.right + 5;
    return { ...placed, size: 10, spaceAfter: true, order: 0 };
  });
}

const drawn = (...lines: Word[][]): Word[] =>
  lines.flat().map((word, order) => ({ ...word, order }));
const texts = (words: Word[]): string[] => linesOfRows(words).map(lineText);

describe('linesOfRows', () => {
  it('reads a date that is broken in its narrow column to its end, before the job beside it', () => {
    const words = drawn(
      line('March 2019 – December', 50, 700),
      line('2020', 50, 686),
      line('Engineer', 170, 700),
      line('Maju Jaya', 170, 686),
      line('Built the shop', 180, 672),
      line('2017 – 2019', 50, 650),
      line('Tester', 170, 650),
      line('Sumber Data', 170, 636),
    );
    expect(texts(words)).toEqual([
      'March 2019 – December 2020 Engineer',
      'Maju Jaya',
      'Built the shop',
      '2017 – 2019 Tester',
      'Sumber Data',
    ]);
  });

  it('puts a broken label on a line of its own above its value', () => {
    const words = drawn(
      line('Employer', 50, 700),
      line('Maju Jaya', 170, 700),
      line('Main activities and', 50, 680),
      line('responsibilities', 50, 666),
      line('Kept the books of', 170, 680),
      line('three branches', 170, 666),
    );
    expect(texts(words)).toEqual([
      'Employer Maju Jaya',
      'Main activities and responsibilities',
      'Kept the books of',
      'three branches',
    ]);
  });

  it('reads across where the document draws line by line', () => {
    const words = drawn(
      ...[0, 1, 2].flatMap((row) => [
        line(`label ${String(row)}`, 50, 700 - row * 14),
        line(`value ${String(row)}`, 170, 700 - row * 14),
      ]),
    );
    expect(texts(words)).toEqual(['label 0 value 0', 'label 1 value 1', 'label 2 value 2']);
  });

  it('reads a company and a title beside one date line by line', () => {
    const words = drawn(
      line('Maju Jaya', 50, 700),
      line('Engineer', 50, 686),
      line('2019 – 2021', 300, 700),
      line('Sumber Data', 50, 660),
      line('Tester', 50, 646),
      line('2017 – 2019', 300, 660),
    );
    expect(texts(words)).toEqual([
      'Maju Jaya 2019 – 2021',
      'Engineer',
      'Sumber Data 2017 – 2019',
      'Tester',
    ]);
  });

  it('reads a cell that is centred beside a taller one before it', () => {
    const words = drawn(
      line('2019 – 2021', 50, 686),
      line('Built the shop', 170, 700),
      line('Moved the data', 170, 686),
      line('Wrote the tests', 170, 672),
      line('2017 – 2019', 50, 636),
      line('Kept the servers', 170, 650),
      line('Helped the users', 170, 636),
      line('Trained two', 170, 622),
    );
    expect(texts(words)).toEqual([
      '2019 – 2021 Built the shop',
      'Moved the data',
      'Wrote the tests',
      '2017 – 2019 Kept the servers',
      'Helped the users',
      'Trained two',
    ]);
  });

  it('has no lines for no words', () => {
    expect(linesOfRows([])).toEqual([]);
  });
});
