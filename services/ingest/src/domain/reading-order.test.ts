import { describe, expect, it } from '@jest/globals';
import { lineText } from './lines.ts';
import { readingOrder } from './reading-order.ts';
import type { Word } from './words.ts';

const EM = 10;
const CHARACTER = 5;

/** The words of one line of 10 pt text with letters 5 pt wide and spaces of 5 pt. */
function line(text: string, left: number, baseline: number): Word[] {
  let x = left;
  return text.split(' ').map((word) => {
    const placed = { text: word, left: x, right: x + word.length * CHARACTER, baseline };
    x = placed.right + CHARACTER;
    return { ...placed, size: EM, spaceAfter: true, order: 0 };
  });
}

/** Numbers the words in the order given: the document's own drawing. */
const drawn = (...lines: Word[][]): Word[] =>
  lines.flat().map((word, order) => ({ ...word, order }));

const column = (texts: string[], left: number, top: number, leading = 12): Word[][] =>
  texts.map((text, index) => line(text, left, top - index * leading));

const blocks = (words: Word[]): string[][] =>
  readingOrder(words).map((block) => block.map(lineText));

const LEFT = [
  'the left column tells of a first thing and',
  'goes on in a second line of equal length to',
  'the third line and also then to the fourth',
  'line and it ends in a fifth and last line.',
];
const RIGHT = LEFT.map((text) => text.replace('line', 'part').replace('left', 'rest'));
const FULL_WIDTH =
  'this line runs over the whole width of the page and so it crosses any gutter between two columns';

describe('readingOrder', () => {
  it('reads two columns of running text one after the other though they share every baseline', () => {
    const rows = column(LEFT, 50, 700).flatMap((left, index) => [
      left,
      ...column(RIGHT, 300, 700).slice(index, index + 1),
    ]);
    expect(blocks(drawn(...rows))).toEqual([LEFT, RIGHT]);
  });

  it('reads a narrow list beside a wide column apart when their baselines differ', () => {
    const list = ['Skills', 'Python', 'Kafka', 'PostgreSQL', 'Languages', 'Indonesian', 'English'];
    expect(blocks(drawn(...column(RIGHT, 200, 700, 12), ...column(list, 50, 697, 15)))).toEqual([
      list,
      RIGHT,
    ]);
  });

  it('reads a short list apart when the document draws it apart, on the same baselines', () => {
    const list = ['Python', 'Kafka', 'PostgreSQL', 'Docker'];
    const jobs = ['Backend Engineer', 'Data Engineer', 'Intern', 'Teacher'];
    expect(blocks(drawn(...column(list, 50, 700), ...column(jobs, 200, 700)))).toEqual([
      list,
      jobs,
    ]);
  });

  it('reads a line across both columns before them and one below after them', () => {
    const words = drawn(
      line(FULL_WIDTH, 50, 712),
      ...column(LEFT, 50, 700),
      ...column(RIGHT, 300, 700),
      line(FULL_WIDTH, 50, 652),
    );
    expect(blocks(words)).toEqual([[FULL_WIDTH], LEFT, RIGHT, [FULL_WIDTH]]);
  });

  it('keeps a heading with the text that it heads and not with the column above it', () => {
    const words = drawn(
      ...column(LEFT, 50, 700),
      ...column(RIGHT, 300, 700),
      line('Conclusion', 50, 636),
      line(FULL_WIDTH, 50, 624),
    );
    expect(blocks(words)).toEqual([LEFT, RIGHT, ['Conclusion', FULL_WIDTH]]);
  });

  it('keeps dates at the right margin on the lines that they date', () => {
    const jobs = ['Engineer, Maju Jaya', 'Analyst, Sumber Data', 'Intern, Karya', 'Tutor, Bimbel'];
    const dates = ['2021 – Present', '2019 – 2021', 'Jan 2018 – Dec 2018', '2017'];
    const words = drawn(...column(jobs, 50, 700), ...column(dates, 430, 700));
    expect(blocks(words)).toEqual([jobs.map((job, index) => `${job} ${dates[index] ?? ''}`)]);
  });

  it('keeps labels beside their values when the values are cells and not running text', () => {
    const rows = [
      ['Full name', 'Siti Rahmawati'],
      ['Residence', 'Bandung'],
      ['Education', 'Informatics'],
      ['Languages', 'Indonesian, English'],
    ] as const;
    const words = drawn(
      ...rows.flatMap(([label, value], index) => [
        line(label, 50, 700 - index * 12),
        line(value, 200, 700 - index * 12),
      ]),
    );
    expect(blocks(words)).toEqual([rows.map(([label, value]) => `${label} ${value}`)]);
  });

  it('does not take bullets for a column', () => {
    const words = drawn(
      ...LEFT.flatMap((text, index) => [
        line('•', 50, 700 - index * 12),
        line(text, 70, 700 - index * 12),
      ]),
    );
    expect(blocks(words)).toEqual([LEFT.map((text) => `• ${text}`)]);
  });

  it('reads three columns from left to right', () => {
    const words = drawn(
      ...column(RIGHT, 530, 700),
      ...column(LEFT, 50, 700),
      ...column(LEFT, 290, 700),
    );
    expect(blocks(words)).toEqual([LEFT, LEFT, RIGHT]);
  });

  it('parts paragraphs where the distance of their lines is larger than elsewhere', () => {
    const words = drawn(...column(LEFT, 50, 700), ...column(RIGHT, 50, 640));
    expect(blocks(words)).toEqual([LEFT, RIGHT]);
  });

  it('keeps a raised footnote mark on its line and small lines beside a large name apart', () => {
    const raised = line('2', 85, 704).map((word) => ({ ...word, size: 7 }));
    const evidence = line('evidence', 45, 700).map((word) => ({ ...word, spaceAfter: false }));
    expect(blocks(drawn(evidence, raised))).toEqual([['evidence2']]);

    const name = line('Budi', 50, 700).map((word) => ({ ...word, size: 36 }));
    const contact = column(['Jakarta', 'budi@mail.id'], 300, 712);
    expect(blocks(drawn(name, ...contact)).flat()).toEqual(['Jakarta', 'Budi budi@mail.id']);
  });

  it('gives no block for a page without words', () => {
    expect(readingOrder([])).toEqual([]);
  });

  it('reads the rows of a table one by one, whatever the baselines of their cells', () => {
    const row = (title: string, texts: string[], top: number): Word[][] => [
      line(title, 50, top - 6),
      ...column(texts, 200, top),
    ];
    const words = drawn(
      ...row('First employer', ['built the first thing', 'and kept it running'], 700),
      ...row('Second employer', ['built the second thing', 'and sold it'], 660),
      ...row('Third employer', ['built the third thing', 'and gave it away'], 620),
    );
    expect(blocks(words).flat()).toEqual([
      'First employer built the first thing',
      'and kept it running',
      'Second employer built the second thing',
      'and sold it',
      'Third employer built the third thing',
      'and gave it away',
    ]);
  });
});
