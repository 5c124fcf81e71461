import { distances } from './columns.ts';
import { splitAtGutter } from './gutters.ts';
import { groupIntoLines, median, type Line } from './lines.ts';
import { linesOfRows } from './rows.ts';
import type { Word } from './words.ts';

// A paragraph's distance, in leadings of its region.
const BLOCK_DISTANCE = 1.3;
// A region that is mostly headings has no leading to speak of; two lines of text are never this far.
const LARGEST_LEADING_EMS = 2.4;
// No honest page nests columns this deep; a hostile one must not exhaust the stack.
const DEEPEST_NESTING = 32;

/** Parts the lines of one column where the distance between two of them is a paragraph's. */
function blocksOf(lines: readonly Line[]): Line[][] {
  const em = median(lines.map((line) => line.size));
  const leading = Math.min(median(distances(lines)), LARGEST_LEADING_EMS * em);
  const blocks: Line[][] = [];
  let previous: Line | undefined;
  for (const line of lines) {
    const block = blocks.at(-1);
    const isNear =
      previous !== undefined && previous.baseline - line.baseline <= BLOCK_DISTANCE * leading;
    if (block !== undefined && isNear) block.push(line);
    else blocks.push([line]);
    previous = line;
  }
  return blocks;
}

/**
 * Orders the words of a page as a person reads them: blocks of lines, column by column.
 *
 * A recursive X-Y cut (G. Nagy, S. Seth: Hierarchical representation of optically scanned documents,
 * ICPR 1984) whose cuts are not projection valleys but column gutters: tall white rectangles with
 * text lines on both sides (T. Breuel: Two geometric algorithms for layout analysis, DAS 2002). So a
 * heading needs no white space below it to be told from the two columns it spans: it is what ends
 * the gutter. Above the gutter is read first, then its left, its right, and what is below.
 */
export function readingOrder(words: readonly Word[], depth = 0): Line[][] {
  const lines = groupIntoLines(words);
  const split = depth < DEEPEST_NESTING ? splitAtGutter(lines) : undefined;
  if (split === undefined) return blocksOf(linesOfRows(words));
  return [split.above, split.left, split.right, split.below].flatMap((part) =>
    part.length === 0 ? [] : readingOrder(part, depth + 1),
  );
}
