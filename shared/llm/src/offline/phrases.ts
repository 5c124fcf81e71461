import type { Token } from './text.ts';

export type PhraseMatch<Value> = {
  readonly value: Value;
  /** Token indexes; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
};

export type PhraseFinder<Value> = (tokens: readonly Token[]) => PhraseMatch<Value>[];

type Pattern<Value> = { words: readonly string[]; value: Value };

/** Prefixes are indexed by this many letters, so none may be shorter. */
const PREFIX_LETTERS = 3;

/**
 * Finds phrases in tokens, in time linear in the text. A phrase is words separated by spaces; a word
 * that ends in `*` stands for every word that begins so (at least three letters).
 */
export function createPhraseFinder<Value>(
  phrases: Iterable<readonly [phrase: string, value: Value]>,
  options: { longestOnly: boolean } = { longestOnly: false },
): PhraseFinder<Value> {
  const exact = new Map<string, Pattern<Value>[]>();
  const prefixed = new Map<string, Pattern<Value>[]>();
  for (const [phrase, value] of phrases) {
    const words = phrase.trim().split(/\s+/);
    const first = words[0] ?? '';
    if (first === '') continue;
    if (first.endsWith('*')) add(prefixed, first.slice(0, PREFIX_LETTERS), { words, value });
    else add(exact, first, { words, value });
  }
  return (tokens) => {
    const found: PhraseMatch<Value>[] = [];
    for (let from = 0; from < tokens.length; from += 1) {
      const word = tokens[from]?.word ?? '';
      const exactly = exact.get(word);
      const byPrefix = prefixed.get(word.slice(0, PREFIX_LETTERS));
      // Most words begin no phrase; nothing is allocated for them.
      if (exactly === undefined && byPrefix === undefined) continue;
      const candidates = [...(exactly ?? []), ...(byPrefix ?? [])].filter((pattern) =>
        matchesAt(pattern.words, tokens, from),
      );
      if (candidates.length === 0) continue;
      const longest = Math.max(...candidates.map((pattern) => pattern.words.length));
      for (const { words, value } of candidates) {
        if (options.longestOnly && words.length < longest) continue;
        found.push({ value, from, to: from + words.length });
      }
      if (options.longestOnly) from += longest - 1;
    }
    return found;
  };
}

/** Splits `a, b c, d*` into phrases. */
export function phraseList(written: string): string[] {
  return written
    .split(',')
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');
}

function add<Value>(index: Map<string, Value[]>, key: string, value: Value): void {
  const values = index.get(key);
  if (values === undefined) index.set(key, [value]);
  else values.push(value);
}

function matchesAt(words: readonly string[], tokens: readonly Token[], from: number): boolean {
  return words.every((word, offset) => {
    const token = tokens[from + offset];
    if (token === undefined || (offset > 0 && !token.joinsPrevious)) return false;
    return word.endsWith('*') ? token.word.startsWith(word.slice(0, -1)) : token.word === word;
  });
}
