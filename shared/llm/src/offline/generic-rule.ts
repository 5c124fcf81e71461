import { conceptOf, conceptsOf, conceptsOfTokens } from './concepts.ts';
import type { Statement } from './document.ts';
import { isDeep } from './project-rules.ts';
import { distinctQuotes, quoteOf } from './quotes.ts';
import type { RubricParameter } from './rubric.ts';
import { findSkills } from './skills.ts';
import { capitalise, countInWords, listInWords, tokenise } from './text.ts';
import type { Score, Verdict } from './verdict.ts';

/** Words of every rubric, which say nothing about what is looked for. */
const RUBRIC_WORDS = new Set(
  `good very clear strong strongly excellent outstanding average some none poor basic solid missing shown show well match fit level high low irrelevant relevant evidence candidate
  report cv project document parameter score quality skill skills against job work experience overall demonstrate depth example major minor full fully part partial all least most`
    .split(/\s+/)
    .map((word) => conceptOf(word) ?? word),
);

/** A guide repeats and paraphrases: its words support, and cannot carry, a score. */
const GUIDE_WEIGHT = 0.35;

/**
 * For a parameter that no rule was written for: how many of the words of what it looks at the
 * document uses, and in how many explained statements. Coarse, and its reason says so.
 */
export function scoreByOwnWords(
  parameter: RubricParameter,
  statements: readonly Statement[],
): Verdict {
  const weights = wantedConcepts(parameter);
  const found = new Set<string>();
  const hits: { statement: Statement; from: number; worth: number }[] = [];
  for (const statement of statements) {
    const here = conceptsIn(statement).filter(({ concept }) => weights.has(concept));
    if (here.length === 0) continue;
    for (const { concept } of here) found.add(concept);
    const worth = here.reduce((sum, { concept }) => sum + (weights.get(concept) ?? 0), 0);
    hits.push({ statement, from: here[0]?.at ?? 0, worth: worth * (isDeep(statement) ? 1.5 : 1) });
  }
  const looked = [...weights].filter(([, weight]) => weight === 1).map(([concept]) => concept);
  const matched = looked.filter((concept) => found.has(concept));
  const deep = hits.filter(({ statement, worth }) => worth >= 1 && isDeep(statement)).length;
  const score = scoreOf(matched.length / Math.max(1, looked.length), matched.length, deep);
  const best = [...hits].sort((one, other) => other.worth - one.worth).slice(0, 6);
  return {
    reason: `Scored by the words of the rubric alone, since no rule is written for “${parameter.label}”: ${countInWords(matched.length)} of ${countInWords(looked.length)} terms found${matched.length === 0 ? '' : ` (${listInWords(matched.slice(0, 5).map(readable))})`}, ${countInWords(deep)} ${deep === 1 ? 'statement' : 'statements'} with how, why or figures. ${capitalise('a person should look at this one')}.`,
    evidence:
      score === 1
        ? []
        : distinctQuotes(best.map(({ statement, from }) => quoteOf(statement, from))),
    score,
  };
}

function scoreOf(share: number, matched: number, deep: number): Score {
  if (share >= 0.6 && matched >= 3 && deep >= 3) return 5;
  if (share >= 0.45 && matched >= 2 && deep >= 1) return 4;
  if (share >= 0.3 && matched >= 2) return 3;
  return matched >= 1 ? 2 : 1;
}

function wantedConcepts(parameter: RubricParameter): Map<string, number> {
  const weights = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    const skills = findSkills(tokenise(text)).map(({ value }) => `kind:${value.category}`);
    for (const concept of [...conceptsOf(text), ...skills]) {
      if (concept.length < 2 || /^\d+$/.test(concept) || RUBRIC_WORDS.has(concept)) continue;
      if (!weights.has(concept)) weights.set(concept, weight);
    }
  };
  add(`${parameter.label}. ${parameter.looks_at}`, 1);
  add(Object.values(parameter.guide).join('. '), GUIDE_WEIGHT);
  return weights;
}

/** Words, and the kinds of the technologies: a CV says "AWS" where a rubric says "cloud". */
function conceptsIn(statement: Statement): { concept: string; at: number }[] {
  const skills = findSkills(statement.tokens).map(({ value, from }) => ({
    concept: `kind:${value.category}`,
    at: from,
  }));
  return [...conceptsOfTokens(statement.tokens), ...skills].filter(
    ({ at }) => statement.negated[at] !== true,
  );
}

function readable(concept: string): string {
  return concept.replace(/^kind:/, '').replace('_', ' ');
}
