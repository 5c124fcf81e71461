import type { Word } from './words.ts';

/** Words that share a baseline, left to right. */
export type Line = {
  words: Word[];
  left: number;
  right: number;
  /** Of its largest word, so that a superscript does not move the line. */
  baseline: number;
  size: number;
};

// In ems: how far a word may sit off the baseline and still belong to the line.
const OFF_BASELINE_OF_LARGER = 0.4;
const OFF_BASELINE_OF_SMALLER = 0.6;
// In ems: closer neighbours without a space between them in the document are one word.
const GLUE_GAP = 0.15;

/** The middle value; the lower one of two. 0 for no values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/**
 * A raised footnote mark belongs to the line beside it (the larger word's em decides), yet of three
 * small lines beside a large heading only the one on its baseline does (the smaller word's em).
 */
function sitsOn(word: Word, line: Line): boolean {
  const smaller = Math.min(word.size, line.size);
  const larger = Math.max(word.size, line.size);
  const tolerance = Math.min(OFF_BASELINE_OF_LARGER * larger, OFF_BASELINE_OF_SMALLER * smaller);
  return Math.abs(word.baseline - line.baseline) <= tolerance;
}

function add(word: Word, line: Line): void {
  line.words.push(word);
  line.left = Math.min(line.left, word.left);
  line.right = Math.max(line.right, word.right);
  if (word.size > line.size) {
    line.size = word.size;
    line.baseline = word.baseline;
  }
}

/** Groups words by baseline: lines from the top down, words in each from the left. */
export function groupIntoLines(words: readonly Word[]): Line[] {
  const lines: Line[] = [];
  for (const word of [...words].sort((one, other) => other.baseline - one.baseline)) {
    const line = lines.at(-1);
    if (line !== undefined && sitsOn(word, line)) {
      add(word, line);
    } else {
      const { left, right, baseline, size } = word;
      lines.push({ words: [word], left, right, baseline, size });
    }
  }
  for (const line of lines) line.words.sort((one, other) => one.left - other.left);
  return lines;
}

/** The line as text, one space wherever the document has one or leaves room for one. */
export function lineText(line: Line): string {
  let text = '';
  let previous: Word | undefined;
  for (const word of line.words) {
    if (previous !== undefined) {
      const gap = word.left - previous.right;
      const apart = gap > GLUE_GAP * Math.min(previous.size, word.size);
      if (previous.spaceAfter || apart) text += ' ';
    }
    text += word.text;
    previous = word;
  }
  return text;
}

/** White intervals of a line at least `minimum` points wide, margins of the region included. */
export function gapsOf(
  line: Line,
  region: { left: number; right: number },
  minimum: number,
): { left: number; right: number }[] {
  const gaps: { left: number; right: number }[] = [];
  let reach = region.left;
  for (const word of line.words) {
    if (word.left - reach >= minimum) gaps.push({ left: reach, right: word.left });
    reach = Math.max(reach, word.right);
  }
  if (region.right - reach >= minimum) gaps.push({ left: reach, right: region.right });
  return gaps;
}
