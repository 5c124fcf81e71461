import type { DocumentText, Evidence } from '@berkas/contracts';

/** Shorter quotes are found in any text, so they prove nothing. */
const MIN_SIGNIFICANT_CHARACTERS = 3;
const IGNORED = /[\s\p{Pd}\u00ad\u200b-\u200d\ufeff]/u;

type Position = { readonly page: number; readonly start: number; readonly end: number };

/**
 * Looks for quotes in a document: tolerant of spacing, hyphens, case and typographic variants, not
 * of other words. Answers the document's own words with their real page, or nothing.
 */
export function createQuoteFinder(
  pages: DocumentText['pages'],
): (quote: string) => Evidence | undefined {
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
  return (quote) => {
    const wanted = Array.from(quote, fold).join('');
    if (wanted.length < MIN_SIGNIFICANT_CHARACTERS) return undefined;
    const at = folded.indexOf(wanted);
    if (at === -1) return undefined;
    const first = positions[at];
    const last = positions[at + wanted.length - 1];
    return first && last ? evidenceAt(pages, first, last) : undefined;
  };
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
  return character
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2018\u2019\u201b`\u00b4]/gu, "'")
    .replace(/[\u201c\u201d\u201e]/gu, '"')
    .replace(/\s/gu, '');
}
