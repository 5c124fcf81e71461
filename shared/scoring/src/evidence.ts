import type { DocumentText, Evidence } from '@berkas/contracts';

/** Shorter quotes are found in any text, so they prove nothing. */
const MIN_SIGNIFICANT_CHARACTERS = 3;
const IGNORED = /[\s\p{Pd}\u00ad\u200b-\u200d\ufeff]/u;

type Position = { readonly page: number; readonly start: number; readonly end: number };

type FoldedText = { readonly folded: string; readonly positions: readonly Position[] };

/**
 * Looks for quotes in a document: tolerant of spacing, hyphens, case and typographic variants, not
 * of other words: `Java` is not in `JavaScript`, nor `5 years` in `15 years`. Answers the document's
 * own words with their real page, or nothing.
 */
export function createQuoteFinder(
  pages: DocumentText['pages'],
): (quote: string) => Evidence | undefined {
  // Many times the size of the text, so not made while the model is still waited for.
  let text: FoldedText | undefined;
  return (quote) => {
    const wanted = Array.from(quote, fold).join('');
    if (wanted.length < MIN_SIGNIFICANT_CHARACTERS) return undefined;
    text ??= foldPages(pages);
    const { folded, positions } = text;
    for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + 1)) {
      const first = positions[at];
      const last = positions[at + wanted.length - 1];
      if (first && last && standsWhole(pages, first, last)) return evidenceAt(pages, first, last);
    }
    return undefined;
  };
}

function foldPages(pages: DocumentText['pages']): FoldedText {
  let folded = '';
  const positions: Position[] = [];
  for (const [page, { text }] of pages.entries()) {
    let start = 0;
    for (const character of text) {
      const end = start + character.length;
      for (const unit of fold(character)) {
        folded += unit;
        // One entry a UTF-16 unit, so that an index into `folded` is an index into `positions`.
        for (let index = 0; index < unit.length; index += 1) positions.push({ page, start, end });
      }
      start = end;
    }
  }
  return { folded, positions };
}

/** Whether neither end of a quote cuts through a word or a number. */
function standsWhole(pages: DocumentText['pages'], first: Position, last: Position): boolean {
  const startText = pages[first.page]?.text ?? '';
  const endText = pages[last.page]?.text ?? '';
  return !isCut(startText, first.start) && !isCut(endText, last.end);
}

/** Longer than anything that is looked at on one side of a cut. */
const SURROUNDINGS = 8;
// Scripts without spaces have their words side by side, so that any place may be an end of one.
const LETTER = String.raw`(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])\p{L}`;
const WITHIN = [
  [new RegExp(String.raw`${LETTER}\p{M}*$`, 'u'), new RegExp(`^${LETTER}`, 'u')],
  [/\p{L}\p{M}*$/u, /^\p{M}/u],
  [/\d[.,]?$/, /^\d/],
  [/\d$/, /^[.,]\d/],
] as const;

function isCut(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - SURROUNDINGS), at);
  const after = text.slice(at, at + SURROUNDINGS);
  return WITHIN.some(([end, start]) => end.test(before) && start.test(after));
}

function evidenceAt(
  pages: DocumentText['pages'],
  first: Position,
  last: Position,
): Evidence | undefined {
  const page = pages[first.page];
  if (page === undefined) return undefined;
  const text =
    first.page === last.page
      ? page.text.slice(first.start, last.end)
      : [
          page.text.slice(first.start),
          ...pages.slice(first.page + 1, last.page).map((between) => between.text),
          pages[last.page]?.text.slice(0, last.end) ?? '',
        ].join(' ');
  return { quote: text.replace(/\s+/g, ' ').trim(), page: page.number };
}

function fold(character: string): string {
  const code = character.charCodeAt(0);
  // Nearly all text is ASCII, for which the rest comes to this.
  if (code < 0x80) {
    if (code <= 0x20 || code === 0x2d) return '';
    return code === 0x60 ? "'" : character.toLowerCase();
  }
  if (IGNORED.test(character)) return '';
  return (
    character
      // Before the rest: taken apart, the acute accent is a space and a mark.
      .replace(/[\u2018\u2019\u201b\u00b4]/u, "'")
      .replace(/[\u201c\u201d\u201e]/u, '"')
      // Apart, since one character is folded at a time: a letter and its accent may be two.
      .normalize('NFKD')
      .toLowerCase()
      .replace(/\s/gu, '')
  );
}
