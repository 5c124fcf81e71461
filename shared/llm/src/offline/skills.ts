import type { Statement } from './document.ts';
import { createPhraseFinder, phraseList, type PhraseMatch } from './phrases.ts';
import { AMBIGUOUS } from './skills-ambiguous.ts';
import { SKILLS, type Skill } from './skills-lexicon.ts';
import type { Token } from './text.ts';

export type SkillMention = PhraseMatch<Skill>;

type Alias = { readonly skill: Skill; readonly phrase: string };

const findAliases = createPhraseFinder<Alias>(
  SKILLS.flatMap((skill) =>
    phraseList(skill.aliases).map((phrase) => [phrase, { skill, phrase }] as const),
  ),
  { longestOnly: true },
);

/** Words that show that a statement speaks of software. */
const findSoftwareWords = createPhraseFinder(
  phraseList(
    `software, backend, back end, frontend, full stack, fullstack, developer, developers, programmer, programming, framework*,
    microservice*, server, servers, code, codebase, coding, engineer, engineering, compiler, library, libraries, deployed, deploy,
    refactor*, stack, runtime, application, applications, web, language, languages, technologies, script, scripts, service, services,
    pemrograman, perangkat lunak, aplikasi, pengembang, layanan, kode, peladen, sistem, system, systems, pipeline, model, models`,
  ).map((phrase) => [phrase, true] as const),
);

const NEIGHBOUR_WORDS = 3;

/** The skills a statement mentions, negated or not, longest reading first, in order. */
export function findSkills(tokens: readonly Token[]): SkillMention[] {
  const aliases = findAliases(tokens);
  if (aliases.length === 0) return [];
  const clear = aliases.map((match) => isClear(match, tokens));
  const context = {
    hasSoftwareWord: findSoftwareWords(tokens).length > 0,
    hasClearSkill: clear.some(Boolean),
  };
  return aliases
    .filter(
      (match, index) => clear[index] === true || isTechnology(match, tokens, aliases, context),
    )
    .map(({ value, from, to }) => ({ value: value.skill, from, to }));
}

/** The skills a statement has to its credit. */
export function findAffirmedSkills(statement: Statement): SkillMention[] {
  return findSkills(statement.tokens).filter(({ from }) => statement.negated[from] !== true);
}

function isClear(match: PhraseMatch<Alias>, tokens: readonly Token[]): boolean {
  const ambiguity = AMBIGUOUS.get(match.value.phrase);
  if (ambiguity === undefined) return true;
  return ambiguity.standsAlone === true && !isRuledOut(match, tokens);
}

function isTechnology(
  match: PhraseMatch<Alias>,
  tokens: readonly Token[],
  all: readonly PhraseMatch<Alias>[],
  context: { hasSoftwareWord: boolean; hasClearSkill: boolean },
): boolean {
  const first = tokens[match.from];
  if (first === undefined || isRuledOut(match, tokens)) return false;
  if (isListedBesideSkill(match, tokens, all)) return true;
  // A letter or a name must stand in a list, or be said of a language; other words need company.
  if (!context.hasSoftwareWord && !context.hasClearSkill) return false;
  if (/^\p{Lu}/u.test(first.raw)) {
    return match.from > 0 || context.hasClearSkill || (tokens[match.to]?.listed ?? false);
  }
  return match.value.skill.generic === true || isTechnicalNoun(match.value.phrase);
}

/** Ambiguous words that are common nouns of the field, and written small there. */
const TECHNICAL_NOUNS = new Set(
  phraseList(
    'prompt, prompts, prompting, cache, worker, workers, queue, queues, retry, retries, containers, transformers, endpoint, endpoints, encryption, replication, indexing, scaling, db, long running, asynchronous',
  ),
);

function isTechnicalNoun(phrase: string): boolean {
  return TECHNICAL_NOUNS.has(phrase);
}

function isRuledOut(match: PhraseMatch<Alias>, tokens: readonly Token[]): boolean {
  const ambiguity = AMBIGUOUS.get(match.value.phrase);
  const before = tokens[match.from - 1];
  const after = tokens[match.to];
  const joined = tokens[match.from]?.listed === false;
  if (joined && before !== undefined && has(ambiguity?.before, before.word)) return true;
  if (after === undefined || (after.listed && !after.joinsPrevious)) return false;
  return has(ambiguity?.after, after.word) || /^\d{4}$/.test(after.word);
}

/** The lists of the ambiguous words, split once each. */
const wordSets = new Map<string, ReadonlySet<string>>();

function has(words: string | undefined, word: string): boolean {
  if (words === undefined) return false;
  const known = wordSets.get(words) ?? new Set(phraseList(words));
  wordSets.set(words, known);
  return known.has(word);
}

/** In a list, next to another skill: `Go, Rust, PostgreSQL`, `Languages: Go / C`. */
function isListedBesideSkill(
  match: PhraseMatch<Alias>,
  tokens: readonly Token[],
  all: readonly PhraseMatch<Alias>[],
): boolean {
  return all.some((other) => {
    if (other === match || other.value.skill === match.value.skill) return false;
    const [left, right] = other.from < match.from ? [other, match] : [match, other];
    const distance = right.from - left.to;
    if (distance < 0 || distance > NEIGHBOUR_WORDS) return false;
    if (distance === 0)
      return tokens[right.from]?.listed === true && isWrittenAsName(match, tokens, other);
    const between = tokens.slice(left.to, right.from + 1);
    const bridged = between
      .slice(0, -1)
      .every((token) => token.listed || CONJUNCTIONS.has(token.word));
    return bridged && isWrittenAsName(match, tokens, other);
  });
}

const CONJUNCTIONS = new Set(['and', 'or', 'dan', 'atau', 'serta', 'plus']);

/** Written small, it needs a neighbour that is a technology without doubt. */
function isWrittenAsName(
  match: PhraseMatch<Alias>,
  tokens: readonly Token[],
  other: PhraseMatch<Alias>,
): boolean {
  return /^\p{Lu}/u.test(tokens[match.from]?.raw ?? '') || !AMBIGUOUS.has(other.value.phrase);
}
