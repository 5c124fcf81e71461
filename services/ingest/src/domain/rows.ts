import { areInOrder, bottomOf, topOf, type Row } from './drawn-rows.ts';
import { candidateGutters, rowsOf, type Gutter } from './gutters.ts';
import { groupIntoLines, median, type Line } from './lines.ts';
import type { Word } from './words.ts';

// In ems.
const SAME_BASELINE = 0.6;
const ON_LINE = 0.4;
const LARGEST_LEADING = 1.7;
const SAME_SIZE = 0.05;
// Less than between columns: the drawing tells the cells apart.
const MINIMUM_GUTTER = 0.4;
const COLUMN_GUTTER = 0.6;
const RUNNING_SHARE = 0.4;
const FIGURES_OF_WORDS = 1 / 3;
const DEEPEST_NESTING = 4;

/** "Company / title" beside one date, or a column of dates at the right margin: lines, not a cell. */
const isMargin = (cell: readonly Line[], right: readonly Line[]): boolean =>
  right.length === 1 || (cell.length >= right.length && right.filter(isFigures).length > 0);

/** The first of the last lines that stand close together in one size. */
function lastParagraph(lines: readonly Line[]): number {
  let start = lines.length - 1;
  for (; start > 0; start -= 1) {
    const [line, previous] = [lines[start], lines[start - 1]];
    if (line === undefined || previous === undefined) break;
    const isNear = previous.baseline - line.baseline <= LARGEST_LEADING * line.size;
    if (!isNear || Math.abs(previous.size - line.size) > SAME_SIZE * line.size) break;
  }
  return start;
}

/**
 * From which line on the left of a row is the cell beside its right: from the line that stands beside
 * the first one there, or, where cells are centred, the lines that stand beside its middle.
 */
function cellStart({ left, right }: Row): number | undefined {
  if (left.length === 0 || right.length === 0) return undefined;
  const top = topOf(right);
  const paragraph = lastParagraph(left);
  const aligned = left.findIndex(
    (line) => Math.abs(line.baseline - top) <= SAME_BASELINE * line.size,
  );
  if (aligned !== -1 && aligned < paragraph) return undefined;
  const start = aligned === -1 ? paragraph : aligned;
  const cell = left.slice(start);
  if (cell.length > 1 && isMargin(cell, right)) return undefined;
  const slack = SAME_BASELINE * (cell[0]?.size ?? 0);
  const isBeside =
    (topOf(cell) <= top + slack && bottomOf(cell) >= bottomOf(right) - slack) ||
    (topOf(cell) >= top - slack && bottomOf(cell) <= bottomOf(right) + slack);
  return aligned !== -1 || isBeside ? start : undefined;
}

/** The lines as one, a space between them. */
function asOneLine(lines: readonly Line[]): Line | undefined {
  const [first] = lines;
  if (first === undefined) return undefined;
  const words = lines.flatMap((line) =>
    line.words.map((word, index) =>
      index === line.words.length - 1 ? { ...word, spaceAfter: true } : word,
    ),
  );
  const left = lines.reduce((least, line) => Math.min(least, line.left), Infinity);
  const right = lines.reduce((most, line) => Math.max(most, line.right), -Infinity);
  return { ...first, words, left, right };
}

/** Dates, years or amounts: they belong to the line that they stand before. */
function isFigures(line: Line): boolean {
  const words = line.words.filter((word) => /[\p{L}\p{N}]/u.test(word.text));
  const figures = words.filter((word) => /^[\p{P}\p{S}]*\p{Nd}/u.test(word.text));
  return figures.length > FIGURES_OF_WORDS * words.length;
}

function readRow(row: Row, depth: number): Line[] {
  const start = cellStart(row);
  if (start === undefined) {
    return groupIntoLines([...row.left, ...row.right].flatMap((line) => line.words));
  }
  const cell = row.left.slice(start);
  const label = asOneLine(cell);
  const right = linesOfRows(
    row.right.flatMap((line) => line.words),
    depth + 1,
  );
  const before = row.left.slice(0, start);
  const [first, ...rest] = right;
  if (label === undefined || first === undefined) return [...before, ...right];
  if (cell.length > 1 && !isFigures(label)) return [...before, label, ...right];
  return [...before, asOneLine([label, first]) ?? first, ...rest];
}

/** Whether reading across would tear the cell of a row: it has several lines, or is centred. */
function hasCell(row: Row): boolean {
  const start = cellStart(row);
  if (start === undefined) return false;
  const first = row.left[start];
  const isOffLine =
    Math.abs((first?.baseline ?? 0) - topOf(row.right)) > ON_LINE * (first?.size ?? 0);
  return isOffLine || row.left.length - start > 1;
}

/** Whether most lines run on over the gutter: word spaces that stand below each other. */
function isWordSpace(lines: readonly Line[], gutter: Gutter): boolean {
  const middle = (gutter.left + gutter.right) / 2;
  const beside = lines.slice(gutter.first, gutter.last + 1).flatMap(({ words }) => {
    const right = words.findIndex((word) => word.left >= middle);
    const [previous, next] = [words[right - 1], words[right]];
    return previous === undefined || next === undefined ? [] : [{ previous, next }];
  });
  const running = beside.filter(
    ({ previous, next }) =>
      next.order === previous.order + 1 &&
      next.left - previous.right < COLUMN_GUTTER * Math.max(previous.size, next.size),
  );
  return running.length > RUNNING_SHARE * beside.length;
}

function rowsAt(lines: readonly Line[], gutter: Gutter): Row[] | undefined {
  if (isWordSpace(lines, gutter)) return undefined;
  const rows = rowsOf(lines, gutter);
  return areInOrder(rows) && rows.some(hasCell) ? rows : undefined;
}

/**
 * The lines of a region without columns, read across; but where the document draws cell after cell and
 * a cell on the left runs over several lines ("March 2019 – December / 2020"), that cell is read
 * to its end before the one to its right. Every other line stays as it is.
 */
export function linesOfRows(words: readonly Word[], depth = 0): Line[] {
  const lines = groupIntoLines(words);
  if (depth >= DEEPEST_NESTING) return lines;
  const em = median(lines.map((line) => line.size));
  const leftmostFirst = candidateGutters(lines, MINIMUM_GUTTER * em).sort(
    (one, other) => one.left - other.left,
  );
  for (const gutter of leftmostFirst) {
    const rows = rowsAt(lines, gutter);
    if (rows === undefined) continue;
    const wordsOf = (part: readonly Line[]): Word[] => part.flatMap((line) => line.words);
    return [
      ...linesOfRows(wordsOf(lines.slice(0, gutter.first)), depth + 1),
      ...rows.flatMap((row) => readRow(row, depth)),
      ...linesOfRows(wordsOf(lines.slice(gutter.last + 1)), depth + 1),
    ];
  }
  return lines;
}
