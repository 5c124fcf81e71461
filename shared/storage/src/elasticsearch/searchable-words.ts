/** Fewer than the clauses that Elasticsearch allows in one query, 1,024 at the least. */
const MAX_WORDS = 1_000;

/**
 * The words of a text as both the index and the question see them: lower-case, without accents,
 * split at every other sign (`Node.js` is two). The `standard` analyzer alone would keep accents
 * and `node.js`, and take an emoji for a word.
 */
export const searchableWords = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];

/** The different words of a question; `undefined` when there is none. */
export function toQueryWords(text: string): string | undefined {
  const words = [...new Set(searchableWords(text))].slice(0, MAX_WORDS);
  return words.length === 0 ? undefined : words.join(' ');
}
