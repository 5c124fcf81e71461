import { areColumns } from './columns.ts';
import { areInOrder, areTableRows, drawnRows, type Row } from './drawn-rows.ts';
import { gapsOf, groupIntoLines, median, type Line } from './lines.ts';
import type { Word } from './words.ts';

/** White space between two columns: from line `first` to line `last` of a region. */
export type Gutter = { first: number; last: number; left: number; right: number };

/** A region cut in four around a gutter. */
export type Split = { above: Word[]; left: Word[]; right: Word[]; below: Word[] };

type Gap = { left: number; right: number };

// LaTeX's narrowest \columnsep is one em; spaces inside a justified line seldom reach 0.8.
const MINIMUM_GUTTER_EMS = 0.8;
const MINIMUM_HEIGHT_LINES = 3;
const HEADING_LINES = 3;
const NEARER = 1.3;

const widthOf = (gap: Gap): number => gap.right - gap.left;
const heightOf = (gutter: Gutter): number => gutter.last - gutter.first + 1;
const overlap = (one: Gap, other: Gap): Gap => ({
  left: Math.max(one.left, other.left),
  right: Math.min(one.right, other.right),
});

/** Gaps come from the left; a plain loop, since a dense table asks this millions of times. */
function widestOverlap(gap: Gap, others: readonly Gap[]): Gap | undefined {
  let best: Gap | undefined;
  let bestWidth = -Infinity;
  for (const other of others) {
    if (other.right <= gap.left) continue;
    if (other.left >= gap.right) break;
    const width = Math.min(gap.right, other.right) - Math.max(gap.left, other.left);
    if (width > bestWidth) [best, bestWidth] = [other, width];
  }
  return best === undefined ? undefined : overlap(gap, best);
}

/** Follows a gap from a line through all the lines, down or up, that leave it open. */
function follow(from: Gutter, gaps: readonly Gap[][], step: 1 | -1, minimum: number): Gutter {
  let gutter = from;
  for (let index = step === 1 ? from.last + 1 : from.first - 1; ; index += step) {
    const narrowed = widestOverlap(gutter, gaps[index] ?? []);
    if (narrowed === undefined || widthOf(narrowed) < minimum) return gutter;
    const { first, last } = gutter;
    gutter = step === 1 ? { ...narrowed, first, last: index } : { ...narrowed, first: index, last };
  }
}

const isSame = (one: Gap, other: Gap): boolean =>
  one.left === other.left && one.right === other.right;

/** Every gutter as tall as it goes, at least `minimum` points wide, the tallest first. */
export function candidateGutters(lines: readonly Line[], minimum: number): Gutter[] {
  const left = lines.reduce((least, line) => Math.min(least, line.left), Infinity);
  const right = lines.reduce((most, line) => Math.max(most, line.right), -Infinity);
  const gaps = lines.map((line) => gapsOf(line, { left, right }, minimum));
  const found = new Map<string, Gutter>();
  gaps.forEach((lineGaps, index) => {
    for (const gap of lineGaps) {
      // The same gap in the line before has led to the same gutter.
      if (gaps[index - 1]?.some((other) => isSame(gap, other)) === true) continue;
      const down = follow({ first: index, last: index, ...gap }, gaps, 1, minimum);
      const gutter = follow(down, gaps, -1, minimum);
      const isInside = gutter.left > left && gutter.right < right;
      const identity = [gutter.first, gutter.last, gutter.left, gutter.right].join();
      if (isInside && heightOf(gutter) >= MINIMUM_HEIGHT_LINES) found.set(identity, gutter);
    }
  });
  return [...found.values()].sort(
    (one, other) => heightOf(other) - heightOf(one) || widthOf(other) - widthOf(one),
  );
}

const sideOf = (line: Line, gutter: Gutter): 'left' | 'right' | 'both' => {
  if (line.right <= gutter.left) return 'left';
  return line.left >= gutter.right ? 'right' : 'both';
};

/**
 * Gives back to the text that crosses the gutter, above or below, the short lines that are its own:
 * a heading such as "Experience" is no part of the column it happens to stand in. It stands nearer
 * to what it heads than to what came before. `step` is 1 from the top down, -1 from the bottom up.
 */
function headingLines(lines: readonly Line[], gutter: Gutter, step: 1 | -1): number {
  const edge = step === 1 ? gutter.first : gutter.last;
  const distance = (index: number): number => {
    const [one, other] = [lines[index], lines[index + step]];
    return one && other ? Math.abs(one.baseline - other.baseline) : Infinity;
  };
  if (lines[edge - step] === undefined) return 0;
  const side = lines[edge] && sideOf(lines[edge], gutter);
  for (let count = 1; count <= Math.min(HEADING_LINES, heightOf(gutter) - 1); count += 1) {
    const index = edge + (count - 1) * step;
    const line = lines[index];
    if (line === undefined || side === 'both' || sideOf(line, gutter) !== side) return 0;
    if (distance(index) > NEARER * distance(index - step)) return count;
  }
  return 0;
}

const trim = (lines: readonly Line[], gutter: Gutter): Gutter => ({
  ...gutter,
  first: gutter.first + headingLines(lines, gutter, 1),
  last: gutter.last - headingLines(lines, gutter, -1),
});

function splitAt(lines: readonly Line[], gutter: Gutter): Split {
  const wordsOf = (part: readonly Line[]): Word[] => part.flatMap((line) => line.words);
  const band = wordsOf(lines.slice(gutter.first, gutter.last + 1));
  const middle = (gutter.left + gutter.right) / 2;
  return {
    above: wordsOf(lines.slice(0, gutter.first)),
    left: band.filter((word) => word.left < middle),
    right: band.filter((word) => word.left >= middle),
    below: wordsOf(lines.slice(gutter.last + 1)),
  };
}

const PART_OF_TABLE = 0.5;
const LEAST_ROWS = 3;
const TABLE_GUTTER_EMS = 0.4;

/** What the document draws on both sides of a gutter, row by row. */
export function rowsOf(lines: readonly Line[], gutter: Gutter): Row[] {
  const words = lines.slice(gutter.first, gutter.last + 1).flatMap((line) => line.words);
  return drawnRows(words, (gutter.left + gutter.right) / 2);
}

/** The gutters across which the document draws three rows and more, one below the other. */
function tableGutters(lines: readonly Line[], em: number): Gutter[] {
  return candidateGutters(lines, TABLE_GUTTER_EMS * em).filter((gutter) => {
    const rows = rowsOf(lines, gutter);
    const whole = rows.filter(({ left, right }) => left.length > 0 && right.length > 0);
    return whole.length >= LEAST_ROWS && areInOrder(rows);
  });
}

/** Whether a gutter is a small part of one that stands between the cells of rows. */
const isWithin = (gutter: Gutter, tables: readonly Gutter[]): boolean =>
  tables.some(
    (table) =>
      table.first <= gutter.first &&
      table.last >= gutter.last &&
      heightOf(gutter) <= PART_OF_TABLE * heightOf(table) &&
      widthOf(overlap(table, gutter)) > 0,
  );

/** Cuts a region around its tallest gutter between two columns; undefined when it has none. */
export function splitAtGutter(lines: readonly Line[]): Split | undefined {
  const em = median(lines.map((line) => line.size));
  let tables: Gutter[] | undefined;
  for (const candidate of candidateGutters(lines, MINIMUM_GUTTER_EMS * em)) {
    const gutter = trim(lines, candidate);
    const split = splitAt(lines, gutter);
    const left = groupIntoLines(split.left);
    const right = groupIntoLines(split.right);
    if (!areColumns(left, right, { width: widthOf(gutter), em })) continue;
    // Looked for last: it costs more than all before, and few gutters come this far.
    tables ??= tableGutters(lines, em);
    if (isWithin(candidate, tables) || areTableRows(rowsOf(lines, candidate))) continue;
    return split;
  }
  return undefined;
}
