/** A whole job description fits; the time FTS5 takes grows faster than the number of words. */
const MAX_WORDS = 1_000;

/**
 * An FTS5 query for any of the words in a person's text, whatever else is in it: each word is
 * quoted, so that nothing is read as an operator. `undefined` when there is no word in it.
 */
export function toFullTextQuery(text: string): string | undefined {
  const words = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
  const distinct = [...new Set(words)].slice(0, MAX_WORDS);
  return distinct.length === 0 ? undefined : distinct.map((word) => `"${word}"`).join(' OR ');
}
