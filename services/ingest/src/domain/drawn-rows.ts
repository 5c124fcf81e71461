import { groupIntoLines, type Line } from './lines.ts';
import type { Word } from './words.ts';

/** What the document draws left of a gutter, and then right of it. */
export type Row = { left: Line[]; right: Line[] };

export const bottomOf = (lines: readonly Line[]): number => lines.at(-1)?.baseline ?? 0;
export const topOf = (lines: readonly Line[]): number => lines[0]?.baseline ?? 0;

/** Parts the words of a band where the drawing goes back from the right of the gutter to its left. */
export function drawnRows(words: readonly Word[], middle: number): Row[] {
  const rows: { left: Word[]; right: Word[] }[] = [];
  for (const word of [...words].sort((one, other) => one.order - other.order)) {
    const isLeft = word.left < middle;
    const row = rows.at(-1);
    if (row === undefined || (isLeft && row.right.length > 0)) {
      rows.push(isLeft ? { left: [word], right: [] } : { left: [], right: [word] });
    } else {
      (isLeft ? row.left : row.right).push(word);
    }
  }
  return rows.map((row) => ({
    left: groupIntoLines(row.left),
    right: groupIntoLines(row.right),
  }));
}

/** Whether each row stands below the one before, as the rows of a table do. */
export const areInOrder = (rows: readonly Row[]): boolean =>
  rows.every((row, index) => {
    const previous = rows[index - 1];
    if (previous === undefined) return true;
    const top = Math.max(topOf(row.left), row.right.length > 0 ? topOf(row.right) : -Infinity);
    const bottom = Math.min(
      previous.left.length > 0 ? bottomOf(previous.left) : Infinity,
      previous.right.length > 0 ? bottomOf(previous.right) : Infinity,
    );
    return top < bottom;
  });

const LEAST_ROWS = 2;
const LEAST_LINES_A_ROW = 1.4;

/**
 * Whether rows as drawn are those of a table: each drawn whole, one below the other, cells of several
 * lines among them. Columns that a program happens to draw line by line have about one line a row.
 */
export function areTableRows(rows: readonly Row[]): boolean {
  const whole = rows.filter(({ left, right }) => left.length > 0 && right.length > 0);
  const lines = whole.reduce(
    (sum, { left, right }) => sum + Math.max(left.length, right.length),
    0,
  );
  return (
    whole.length >= LEAST_ROWS && lines >= LEAST_LINES_A_ROW * whole.length && areInOrder(rows)
  );
}
