import { gapsOf, median, type Line } from './lines.ts';

// All in ems of the region, or shares of one.
const MINIMUM_LINES = 3;
const MINIMUM_WIDTH = 5;
const NARROW_GUTTER = 1.5;
const MINIMUM_LINES_AT_NARROW_GUTTER = 4;
const SAME_EDGE = 0.5;
const EDGE_SHARE = 0.6;
const SAME_BASELINE = 0.25;
const ROWS_SHARE = 0.8;
const FIGURES_SHARE = 0.6;
const FIGURES_OF_WORDS = 1 / 3;
const FIGURES_WIDTH = 16;
const PROSE_WIDTH = 15;
const PROSE_FILL = 0.75;
const PROSE_WORDS = 3;
const INNER_GAP = 1;
const ORDINARY_LEADING = 1.3;
const FLOW_SHARE = 0.5;
const TURNS_SHARE = 0.5;

type Side = { lines: readonly Line[]; width: number; leading: number };

function measure(lines: readonly Line[]): Side {
  const left = lines.reduce((least, line) => Math.min(least, line.left), Infinity);
  const right = lines.reduce((most, line) => Math.max(most, line.right), -Infinity);
  return { lines, width: right - left, leading: median(distances(lines)) };
}

/** Distances from each line's baseline to the next one's, in points. */
export function distances(lines: readonly Line[]): number[] {
  return lines.slice(1).map((line, index) => (lines[index]?.baseline ?? 0) - line.baseline);
}

const isFigures = (line: Line): boolean => {
  const words = line.words.filter((word) => /[\p{L}\p{N}]/u.test(word.text));
  const figures = words.filter((word) => /^[\p{P}\p{S}]*\p{Nd}/u.test(word.text));
  return figures.length > FIGURES_OF_WORDS * words.length;
};

/** A narrow column of dates, years or amounts belongs to the rows it stands in. */
const holdsFigures = (side: Side, em: number): boolean =>
  side.width <= FIGURES_WIDTH * em &&
  side.lines.filter(isFigures).length >= FIGURES_SHARE * side.lines.length;

/** Whether running text passes from the line before into this one. */
function flowsInto(side: Side, index: number, em: number): boolean {
  const previous = side.lines[index - 1];
  const line = side.lines[index];
  if (previous === undefined || line === undefined) return false;
  const width = previous.right - previous.left;
  return (
    previous.baseline - line.baseline <= ORDINARY_LEADING * side.leading &&
    previous.words.length >= PROSE_WORDS &&
    width >= Math.max(PROSE_FILL * side.width, PROSE_WIDTH * em) &&
    gapsOf(previous, previous, INNER_GAP * em).length === 0
  );
}

/** The pairs of line numbers that stand on one baseline. */
function rowsShared(fewer: Side, more: Side, em: number): [number, number][] {
  return fewer.lines.flatMap((line, index) => {
    const other = more.lines.findIndex(
      ({ baseline }) => Math.abs(baseline - line.baseline) <= SAME_BASELINE * em,
    );
    return other === -1 ? [] : [[index, other] as [number, number]];
  });
}

/** Spaces that happen to stand below each other in running text: few lines, no common edge. */
function isRiver(left: readonly Line[], right: readonly Line[], em: number): boolean {
  const edge = right.reduce((least, line) => Math.min(least, line.left), Infinity);
  const atEdge = right.filter((line) => line.left - edge <= SAME_EDGE * em);
  return (
    Math.min(left.length, right.length) < MINIMUM_LINES_AT_NARROW_GUTTER ||
    atEdge.length < EDGE_SHARE * right.length
  );
}

/** Whether the document draws one side, then the other, and does not go to and fro between rows. */
function areDrawnApart(left: Side, right: Side): boolean {
  const firstDrawn = (line: Line): number =>
    line.words.reduce((least, word) => Math.min(least, word.order), Infinity);
  const drawn = [
    ...left.lines.map((line) => ({ side: left, order: firstDrawn(line) })),
    ...right.lines.map((line) => ({ side: right, order: firstDrawn(line) })),
  ].sort((one, other) => one.order - other.order);
  const turns = drawn.filter(({ side }, index) => index > 0 && side !== drawn[index - 1]?.side);
  return turns.length <= TURNS_SHARE * Math.min(left.lines.length, right.lines.length);
}

/**
 * Whether what stands left and right of a gutter is two columns, each to be read to its end, and not
 * the cells of rows (a table, or "Company … 2019 – 2023"), to be read across.
 *
 * Columns keep no rows in common: their baselines differ; or, where they coincide (one leading for the
 * whole page), text runs on from line to line on a side, which no cell does; or the document draws
 * one side before the other. When nothing tells, rows win: a row torn apart loses which date belongs
 * to which job. Lengths are points; `em` is the region's usual font size.
 */
export function areColumns(
  left: readonly Line[],
  right: readonly Line[],
  gutter: { width: number; em: number },
): boolean {
  const { width, em } = gutter;
  if (Math.min(left.length, right.length) < MINIMUM_LINES) return false;
  if (width < NARROW_GUTTER * em && isRiver(left, right, em)) return false;
  const sides = [measure(left), measure(right)] as const;
  if (sides.some((side) => side.width < MINIMUM_WIDTH * em || holdsFigures(side, em))) return false;

  const [fewer, more] = left.length <= right.length ? sides : [sides[1], sides[0]];
  const shared = rowsShared(fewer, more, em);
  if (shared.length < ROWS_SHARE * fewer.lines.length) return true;
  const flowing = shared.filter(
    ([index, other]) => flowsInto(fewer, index, em) || flowsInto(more, other, em),
  );
  return flowing.length >= FLOW_SHARE * shared.length || areDrawnApart(fewer, more);
}
