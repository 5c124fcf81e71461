import { median } from './lines.ts';
import type { Word } from './words.ts';

const LEAST_PIECES = 4;
const SINGLE_LETTERS_SHARE = 0.6;
// In ems.
const BASELINE_DRIFT = 0.1;
const STEP_BACK = 0.1;
const LARGEST_GAP = 1.6;
// A space between spaced-out letters is the letters' own gap twice, and a space.
const SPACE_OF_GAPS = 1.6;
const SPACE_MARGIN = 0.05;

const emOf = (one: Word, other: Word): number => Math.max(one.size, other.size);
const isLetter = (word: Word): boolean => /^\p{L}$/u.test(word.text);

function follows(word: Word, previous: Word): boolean {
  const em = emOf(word, previous);
  const gap = word.left - previous.right;
  return (
    Math.abs(word.baseline - previous.baseline) <= BASELINE_DRIFT * em &&
    gap >= -STEP_BACK * em &&
    gap <= LARGEST_GAP * em
  );
}

const isSpacedOut = (run: readonly Word[]): boolean =>
  run.length >= LEAST_PIECES && run.filter(isLetter).length >= SINGLE_LETTERS_SHARE * run.length;

function join(run: readonly Word[]): Word[] {
  const gaps = run.slice(1).map((word, index) => word.left - (run[index]?.right ?? 0));
  const letterGap = median(gaps);
  const joined: Word[] = [];
  run.forEach((word, index) => {
    const last = joined.at(-1);
    const gap = gaps[index - 1] ?? 0;
    if (last === undefined || gap > SPACE_OF_GAPS * letterGap + SPACE_MARGIN * word.size) {
      joined.push({ ...word });
      return;
    }
    last.text += word.text;
    last.right = Math.max(last.right, word.right);
    last.size = Math.max(last.size, word.size);
    last.spaceAfter = word.spaceAfter;
  });
  return joined;
}

/**
 * Puts headings set with wide letter spacing together again ("S K I L L S"): neither the distance
 * nor the spaces that PDFium infers from it tell their words apart. A run drawn along one baseline
 * of which most pieces are single letters is cut where its gaps are wider than its usual one.
 */
export function joinSpacedOut(words: readonly Word[]): Word[] {
  const runs: Word[][] = [];
  for (const word of words) {
    const run = runs.at(-1);
    const previous = run?.at(-1);
    if (run !== undefined && previous !== undefined && follows(word, previous)) run.push(word);
    else runs.push([word]);
  }
  return runs.flatMap((run) => (isSpacedOut(run) ? join(run) : run));
}
