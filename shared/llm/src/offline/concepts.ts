import { createPhraseFinder, phraseList } from './phrases.ts';
import { tokenise, type Token } from './text.ts';
import { STOP_WORDS, TRANSLATIONS } from './translations.ts';

const SHORTEST_STEM = 4;

/** Light stemming, the same for both languages, since a word does not say which it belongs to. */
export function stem(word: string): string {
  if (word.length <= SHORTEST_STEM || /\d/.test(word)) return word;
  const indonesian = stemIndonesian(word);
  return indonesian === word ? stemEnglish(word) : indonesian;
}

function stemEnglish(word: string): string {
  const rules: readonly (readonly [string, string])[] = [
    ['ies', 'y'],
    ['sses', 'ss'],
    ['ing', ''],
    ['ed', ''],
    ['es', ''],
    ['s', ''],
  ];
  for (const [ending, replacement] of rules) {
    if (!word.endsWith(ending) || word.endsWith('ss') || word.endsWith('us')) continue;
    const base = word.slice(0, -ending.length) + replacement;
    if (base.length < 3) continue;
    return dropDouble(base).replace(/e$/, '');
  }
  return word.replace(/e$/, '');
}

function dropDouble(word: string): string {
  return /([bdgmnprt])\1$/.test(word) ? word.slice(0, -1) : word;
}

const INDONESIAN_PREFIX =
  /^(?:memper|diper|meny|meng|mem|men|peny|peng|pem|pen|ber|ter|di|me)(?=[a-z]{4})/;
const INDONESIAN_ENDING = /(?:nya|kan|an|lah)$/;

/** Only words of an Indonesian shape: a verb prefix, or a prefix and an ending, or -nya. */
function stemIndonesian(word: string): string {
  const withoutNya = word.replace(/(?:nya|lah)$/, '');
  const hasEnding = /(?:kan|an|i)$/.test(withoutNya);
  const prefix = INDONESIAN_PREFIX.exec(withoutNya)?.[0];
  const isVerb =
    prefix !== undefined && (hasEnding || /^(?:meny|meng|memper|diper|ber)$/.test(prefix));
  if (!isVerb) return withoutNya.length >= SHORTEST_STEM ? withoutNya : word;
  const root = withoutNya.slice(prefix.length).replace(INDONESIAN_ENDING, '').replace(/i$/, '');
  return root.length >= 3 ? root : withoutNya;
}

const translationLines = TRANSLATIONS.split('\n')
  .map((line) => line.split(':'))
  .filter((pair) => pair.length === 2)
  .map(([english = '', others = '']) => ({ english: english.trim(), others: phraseList(others) }));

const conceptByStem = new Map<string, string>();
for (const { english, others } of translationLines) {
  for (const word of [english, ...others].filter((other) => !other.includes(' '))) {
    if (!conceptByStem.has(word)) conceptByStem.set(word, english);
    const stemmed = stem(word);
    if (!conceptByStem.has(stemmed)) conceptByStem.set(stemmed, english);
  }
}

const findPhrases = createPhraseFinder(
  translationLines.flatMap(({ english, others }) =>
    others.filter((phrase) => phrase.includes(' ')).map((phrase) => [phrase, english] as const),
  ),
  { longestOnly: true },
);

/** One word for all the ways to say it: translated, stemmed; undefined for a stop word. */
export function conceptOf(word: string): string | undefined {
  if (STOP_WORDS.has(word)) return undefined;
  const known = conceptByStem.get(word);
  if (known !== undefined) return known;
  const stemmed = stem(word);
  return conceptByStem.get(stemmed) ?? stemmed;
}

/** The concepts of the tokens, in order, each with the token it begins at. */
export function conceptsOfTokens(
  tokens: readonly Token[],
): { readonly concept: string; readonly at: number }[] {
  const phrases = new Map(findPhrases(tokens).map((match) => [match.from, match]));
  const concepts: { concept: string; at: number }[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const phrase = phrases.get(at);
    const concept = phrase?.value ?? conceptOf(tokens[at]?.word ?? '');
    if (concept !== undefined) concepts.push({ concept, at });
    if (phrase !== undefined) at = phrase.to - 1;
  }
  return concepts;
}

export function conceptsOf(text: string): string[] {
  return conceptsOfTokens(tokenise(text)).map(({ concept }) => concept);
}

/** The concepts a text speaks of most, one-letter words and bare numbers left out. */
export function keyConcepts(text: string, most: number): string[] {
  const counts = new Map<string, number>();
  for (const concept of conceptsOf(text)) {
    if (concept.length < 2 || /^\d+$/.test(concept)) continue;
    counts.set(concept, (counts.get(concept) ?? 0) + 1);
  }
  // Insertion order breaks ties, so that the same text gives the same list.
  return [...counts.entries()]
    .sort((one, other) => other[1] - one[1])
    .slice(0, most)
    .map(([concept]) => concept);
}
