import type { Statement } from './document.ts';

export type Evidence = { readonly quote: string; readonly page: number };

export const LONGEST_QUOTE = 200;

/**
 * A verbatim piece of the statement, at most 200 characters, around the words that counted
 * (`from`, `to`: token indexes). Whole words; found again by a search with whitespace folded.
 */
export function quoteOf(statement: Statement, from = 0, to = from + 1): Evidence {
  const { text, tokens, page } = statement;
  if (text.length <= LONGEST_QUOTE) return { quote: text, page };
  const focusStart = tokens[from]?.start ?? 0;
  const wholeFocusEnd = tokens[to - 1]?.end ?? focusStart;
  // A focus longer than a quote ends at the last word that is whole.
  const focusEnd =
    wholeFocusEnd - focusStart <= LONGEST_QUOTE
      ? wholeFocusEnd
      : boundaryBefore(text, focusStart + LONGEST_QUOTE);
  const spare = Math.max(0, LONGEST_QUOTE - (focusEnd - focusStart));
  const start = boundaryAfter(text, Math.max(0, focusStart - Math.floor(spare / 2)));
  const end = boundaryBefore(text, Math.min(text.length, start + LONGEST_QUOTE));
  const first = Math.min(start, focusStart);
  const furthest = Math.max(end, focusEnd);
  const last =
    furthest - first <= LONGEST_QUOTE ? furthest : boundaryBefore(text, first + LONGEST_QUOTE);
  return { quote: text.slice(first, last).trim(), page };
}

/** The first few distinct quotes. */
export function distinctQuotes(quotes: readonly Evidence[], most = 3): Evidence[] {
  const seen = new Set<string>();
  const kept: Evidence[] = [];
  for (const evidence of quotes) {
    if (kept.length >= most) break;
    if (evidence.quote === '' || seen.has(evidence.quote)) continue;
    seen.add(evidence.quote);
    kept.push(evidence);
  }
  return kept;
}

function boundaryAfter(text: string, index: number): number {
  if (index === 0) return 0;
  const space = text.indexOf(' ', index - 1);
  return space === -1 ? index : space + 1;
}

function boundaryBefore(text: string, index: number): number {
  if (index >= text.length) return text.length;
  const space = text.lastIndexOf(' ', index);
  return space === -1 ? index : space;
}
