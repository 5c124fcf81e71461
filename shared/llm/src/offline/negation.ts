import { createPhraseFinder, phraseList } from './phrases.ts';
import type { Token } from './text.ts';

/**
 * What was not done earns nothing. A cue takes the words after it out of the count, as far as its
 * reach; some cues ("retries are not implemented") take the words before.
 */
type Reach = { readonly words: number; readonly throughPrepositions: boolean };

const TO_CLAUSE_END: Reach = { words: 60, throughPrepositions: true };
const NEAR: Reach = { words: 4, throughPrepositions: false };

const FAR_CUES = phraseList(`
  no experience, no prior experience, no hands on experience, little experience, lack experience, lacks experience, never used,
  never worked, not experienced, not familiar, unfamiliar with, have not used, haven t used, not yet,
  want to learn, wants to learn, wanting to learn, would like to learn, would love to, hope to, hoping to, eager to learn,
  keen to learn, wish to, aspire to, aspiring to, plan to, plans to, planning to, intend to, interested in, curious about,
  to be implemented, to be added, will be added, could be added, should be added, can be added, would be added,
  future work, future improvement*, future plan*, future version, in the future, next step*, todo, to do, planned for,
  is planned, are planned, planned improvement*, out of scope, not implemented, did not implement, didn t implement,
  belum, tanpa pengalaman, tidak punya pengalaman, tidak memiliki pengalaman, tidak berpengalaman, tidak pernah,
  tidak menguasai, tidak mengimplementasikan, tidak diimplementasikan, ingin belajar, ingin mempelajari, ingin mendalami,
  ingin menguasai, mau belajar, tertarik, berminat, berencana, akan ditambahkan, akan dikembangkan, akan datang,
  dapat ditambahkan, bisa ditambahkan, perlu ditambahkan, rencana, rencananya, ke depan, kedepannya, ke depannya, di masa depan,
  pengembangan selanjutnya, pengembangan lanjutan, di luar cakupan, saya harap`);

const NEAR_CUES = phraseList(`
  no, not, none of, never, cannot, can t, don t, doesn t, didn t, isn t, aren t, wasn t, weren t, won t, without, lacks, lack of,
  absence of, missing, skipped, tidak, tanpa, bukan, tiada, tak`);

const BACKWARD_CUES = phraseList(`
  not implemented, not yet, not done, not included, not written, not covered, not finished, not added, not available,
  is missing, are missing, was skipped, were skipped, were not, was not, is planned, are planned, planned for, todo, to do,
  future work, out of scope, left out, left for later, belum, tidak diimplementasikan, tidak dibuat, tidak ditulis, tidak ada,
  tidak tersedia, tidak sempat, direncanakan, akan ditambahkan, menyusul, ingin saya pelajari, ingin dipelajari`);

/** `not only …` affirms. */
const AFFIRMING = new Set(['only', 'just', 'merely', 'hanya', 'cuma', 'sekadar', 'sekedar']);
const CLAUSE_WORDS = new Set(
  phraseList(
    'but, however, although, though, whereas, instead, because, so, tetapi, tapi, namun, sedangkan, melainkan, karena, sehingga, meskipun, walaupun',
  ),
);
const PREPOSITIONS = new Set(
  phraseList(
    'with, using, by, during, via, through, thanks, since, when, if, after, dengan, menggunakan, memakai, melalui, saat, selama, ketika, jika, setelah, while, on, to',
  ),
);
const BACKWARD_WORDS = 6;
/** "… but they are not implemented" takes back the clause that the pronoun stands for. */
const REFERRING_WORDS = new Set(
  phraseList(
    'they, it, this, that, these, those, all, both, is, are, was, were, has, have, been, itu, ini, hal, mereka, semuanya, keduanya, semua, masih, juga',
  ),
);
const REFERRED_WORDS = 25;

const findForward = createPhraseFinder<Reach>([
  ...FAR_CUES.map((cue) => [cue, TO_CLAUSE_END] as const),
  ...NEAR_CUES.map((cue) => [cue, NEAR] as const),
]);
const findBackward = createPhraseFinder(BACKWARD_CUES.map((cue) => [cue, true] as const));

/** For each token, whether the statement says it is absent, only wished for, or planned. */
export function negatedTokens(tokens: readonly Token[]): boolean[] {
  const negated = tokens.map(() => false);
  for (const { value, from, to } of findForward(tokens)) {
    if (AFFIRMING.has(tokens[to]?.word ?? '')) continue;
    negated.fill(true, from, to);
    for (let index = to; index < Math.min(tokens.length, to + value.words); index += 1) {
      const token = tokens[index];
      if (token === undefined || CLAUSE_WORDS.has(token.word)) break;
      if (token.breaks && !value.throughPrepositions) break;
      if (!value.throughPrepositions && PREPOSITIONS.has(token.word)) break;
      negated[index] = true;
    }
  }
  for (const { from } of findBackward(tokens)) markBefore(tokens, from, negated);
  return negated;
}

function markBefore(tokens: readonly Token[], cue: number, negated: boolean[]): void {
  // "Tests: not yet" speaks of the label; "Docker, not yet Kubernetes" does not.
  const first = tokens[cue];
  if (first !== undefined && first.listed && !first.joinsPrevious && cue > 3) return;
  for (let index = cue - 1; index >= Math.max(0, cue - BACKWARD_WORDS); index -= 1) {
    const token = tokens[index];
    if (token === undefined) break;
    if (CLAUSE_WORDS.has(token.word)) {
      const subject = tokens.slice(index + 1, cue);
      const refersBack =
        subject.length > 0 && subject.every(({ word }) => REFERRING_WORDS.has(word));
      if (refersBack) markClause(tokens, index, negated);
      break;
    }
    negated[index] = true;
    if (token.breaks || (token.listed && !token.joinsPrevious)) break;
  }
}

/** The clause that ends before `end`. */
function markClause(tokens: readonly Token[], end: number, negated: boolean[]): void {
  for (let index = end - 1; index >= Math.max(0, end - REFERRED_WORDS); index -= 1) {
    if (CLAUSE_WORDS.has(tokens[index]?.word ?? '')) break;
    negated[index] = true;
  }
}
