import type { UprightCharacter } from './page-character.ts';

/** Characters drawn as one word, in an upright frame (points; y up). */
export type Word = {
  text: string;
  left: number;
  right: number;
  baseline: number;
  /** The em of its largest character. */
  size: number;
  /** Whether the document itself has a space after it; without, the distance decides. */
  spaceAfter: boolean;
  /** Its place in the order of the document's own drawing. */
  order: number;
};

// In ems. An interword space is 0.2 and more, kerning and rounding stay under 0.15.
const WORD_GAP = 0.25;
const BASELINE_DRIFT = 0.1;
const STEP_BACK = 0.1;

const isSpace = (text: string): boolean => /^\s+$/u.test(text);
// U+FFFE and U+FFFF are no characters; PDFium and fonts without a mapping give them.
const isDropped = (text: string): boolean => /^[\p{Cc}\uFFFE\uFFFF]*$/u.test(text);

function continues(word: Word, lastLeft: number, character: UprightCharacter): boolean {
  const em = Math.max(word.size, character.size);
  return (
    !word.spaceAfter &&
    Math.abs(character.baseline - word.baseline) <= BASELINE_DRIFT * em &&
    character.left - word.right <= WORD_GAP * em &&
    character.left >= lastLeft - STEP_BACK * em
  );
}

/**
 * Puts characters together to words. Characters come in the order of the document's own drawing,
 * which is dependable inside a word and nowhere else. Spaces are not kept as boxes: a run of them
 * is a gap like any other. Control characters are dropped.
 */
export function formWords(characters: Iterable<UprightCharacter>): Word[] {
  const words: Word[] = [];
  let lastLeft = 0;
  for (const character of characters) {
    const word = words.at(-1);
    if (isSpace(character.text)) {
      if (word !== undefined) word.spaceAfter = true;
      continue;
    }
    if (isDropped(character.text)) continue;
    if (word !== undefined && continues(word, lastLeft, character)) {
      word.text += character.text;
      word.right = Math.max(word.right, character.right);
      word.size = Math.max(word.size, character.size);
    } else {
      words.push({ ...character, spaceAfter: false, order: words.length });
    }
    lastLeft = character.left;
  }
  return words;
}
