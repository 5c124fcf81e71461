/** A word of a text, case folded, with where it stands. `c++`, `c#` and `f#` are one word each. */
export type Token = {
  readonly word: string;
  /** As written. */
  readonly raw: string;
  readonly start: number;
  readonly end: number;
  /** Whether it follows the word before closely enough to be one phrase: `Node.js`, `rest api`. */
  readonly joinsPrevious: boolean;
  /** Whether a comma, bar, slash or bullet separates it from the word before, as in a list. */
  readonly listed: boolean;
  /** Whether a semicolon, bracket, dash or stop separates it from the word before. */
  readonly breaks: boolean;
};

const WORD = /[\p{L}\p{N}]+(?:\+\+|#)?/gu;
const JOINERS = "-–/._'’&·";
const LIST_MARKS = /[,/|•·•;:&+()]/;
const BREAK_MARKS = /[;.!?()]|\s[-–—]\s/;

/** Whitespace to single spaces: how quotes are compared. */
export function foldWhitespace(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let previousEnd = 0;
  for (const match of text.matchAll(WORD)) {
    const raw = match[0];
    const gap = text.slice(previousEnd, match.index);
    const first = tokens.length === 0;
    tokens.push({
      word: raw.toLowerCase(),
      raw,
      start: match.index,
      end: match.index + raw.length,
      joinsPrevious: !first && joins(gap),
      listed: !first && LIST_MARKS.test(gap),
      breaks: first || (gap !== ' ' && gap !== '.' && BREAK_MARKS.test(gap)),
    });
    previousEnd = match.index + raw.length;
  }
  return tokens;
}

function joins(gap: string): boolean {
  if (gap === ' ') return true;
  const mark = gap.trim();
  if (mark === '') return !/\n\s*\n/.test(gap);
  // A stop followed by a space ends a sentence; `Node.js` has none.
  return mark.length === 1 && JOINERS.includes(mark) && !(mark === '.' && gap.length > 1);
}

/** `1.500`, `1,500` are thousands; `1,5` and `1.5` are fractions. */
export function parseNumber(written: string): number {
  const digits = written.replace(/[.,]+$/, '');
  if (/^\d{1,3}(?:[.,]\d{3})+$/.test(digits)) return Number(digits.replace(/[.,]/g, ''));
  return Number(digits.replace(',', '.').replace(/[.,](?=.*\.)/g, '')) || 0;
}

const NUMBER_WORDS = 'none,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve'.split(
  ',',
);

export function countInWords(count: number): string {
  return NUMBER_WORDS[count] ?? String(count);
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a`, `a and b`, `a, b and c`. */
export function listInWords(items: readonly string[]): string {
  if (items.length <= 1) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1] ?? ''}`;
}
