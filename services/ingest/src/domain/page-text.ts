import { lineText, type Line } from './lines.ts';
import { groupByDirection, type PageCharacter } from './page-character.ts';
import { readingOrder } from './reading-order.ts';
import { joinSpacedOut } from './tracking.ts';
import { formWords } from './words.ts';

// Bullets of the Symbol and Wingdings fonts, which word processors leave in the private use area.
const PRIVATE_BULLETS: Record<string, string> = { '\uF0B7': '•', '\uF0A7': '▪' };
const REDUPLICATED_LETTERS = 3;
// A hostile line may be one word of a hundred thousand letters, each a start for the expression.
const LONGEST_WORD = 64;

/** Unicode as other programs write it: NFC, no ligatures, no soft hyphens, no half surrogates. */
export const normalize = (text: string): string =>
  text
    .replace(/[\uFB00-\uFB06]/gu, (ligature) => ligature.normalize('NFKC'))
    .replace(/[\uF0B7\uF0A7]/gu, (bullet) => PRIVATE_BULLETS[bullet] ?? bullet)
    // A glyph of an icon font that stands alone is a mark at best.
    .replace(/(?<=^|\n)\p{Co}{1,2}(?=\s)/gu, '•')
    .replace(/(?<!\S)\p{Co}{1,2}(?:\s+|$)/gu, '')
    .replace(/[\u00AD\p{Cs}]/gu, '')
    .normalize('NFC');

/** Indonesian doubles words with a hyphen of their own: "undang-undang", "perundang-undangan". */
function isReduplication(head: string, tail: string): boolean {
  for (let length = REDUPLICATED_LETTERS; length <= head.length; length += 1) {
    if (tail.startsWith(head.slice(-length).toLowerCase())) return true;
  }
  return false;
}

/**
 * Joins words broken across a line end: letter, hyphen, line end, lower-case letter. The rest of the
 * word moves up, so that the lines stay the document's own.
 */
export function joinHyphenated(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (const line of lines) {
    const previous = joined.at(-1) ?? '';
    const broken = /(\p{L}+)([-\u2010\u00AD])$/u.exec(previous.slice(-LONGEST_WORD));
    const rest = /^(\p{Ll}\S*)\s*(.*)$/u.exec(line);
    if (broken === null || rest === null) {
      joined.push(line);
      continue;
    }
    const [end, head = '', hyphen = ''] = broken;
    const [, tail = '', after = ''] = rest;
    const keepsHyphen = hyphen !== '\u00AD' && isReduplication(head, tail);
    const before = previous.slice(0, previous.length - end.length);
    joined[joined.length - 1] = before + head + (keepsHyphen ? hyphen : '') + tail;
    if (after !== '') joined.push(after);
  }
  return joined;
}

const blockText = (block: readonly Line[]): string =>
  joinHyphenated(block.map(lineText))
    .map((line) => normalize(line).trim())
    .filter((line) => line !== '')
    .join('\n');

/**
 * The text of a page in reading order: `\n` between lines, a blank line between blocks, '' when the
 * page has none. Nothing is judged here: text too small or too pale to see is text all the same.
 */
export function pageText(characters: readonly PageCharacter[]): string {
  return groupByDirection(characters)
    .flatMap((group) => readingOrder(joinSpacedOut(formWords(group))))
    .map(blockText)
    .filter((text) => text !== '')
    .join('\n\n');
}
