import { conceptsOfTokens } from './concepts.ts';
import { isListing, USED_IN_WORK, type Cv, type CvStatement } from './cv.ts';
import type { AskedCategory, Job } from './job.ts';
import { distinctQuotes, quoteOf } from './quotes.ts';
import type { Skill, SkillCategory } from './skills-lexicon.ts';
import { capitalise, countInWords, listInWords } from './text.ts';
import type { Score, Verdict } from './verdict.ts';

const CATEGORY_WEIGHT: Record<SkillCategory, number> = {
  language: 1,
  backend: 1,
  database: 1,
  api: 0.8,
  cloud: 0.9,
  ai: 1.2,
  messaging: 0.5,
  devops: 0.4,
  testing: 0.4,
  architecture: 0.4,
  security: 0.2,
  data: 0.4,
  frontend: 0.3,
  mobile: 0.3,
};

const CATEGORY_LABEL: Record<SkillCategory, string> = {
  language: 'programming languages',
  backend: 'backend frameworks',
  database: 'databases',
  api: 'APIs',
  cloud: 'cloud',
  ai: 'AI and LLMs',
  messaging: 'queues and workers',
  devops: 'deployment',
  testing: 'testing',
  architecture: 'scalable design',
  security: 'security',
  data: 'data pipelines',
  frontend: 'frontend',
  mobile: 'mobile',
};

/** A technology of the asked kind that the job does not name, such as Laravel where it says Django. */
const SAME_KIND = 0.75;
/** The kind alone: "databases". */
const KIND_ALONE = 0.5;
/** From here on the AI part of the work counts as exposure, not as an entry in a list. */
const AI_EXPOSURE = 0.6;

/** What a mention weighs at most that no use stands behind. */
const LIST_WEIGHT = 0.5;
const MOST_FOR_LIST: Score = 2;

type Shown = { readonly skill: Skill; readonly weight: number; readonly statement: CvStatement };

/** Skills against the job's: each kind it asks for, by its best-shown skill, used more than listed. */
export function scoreTechnicalSkills(cv: Cv, job: Job): Verdict {
  if (!job.isTechnical) return scoreByWords(cv, job);
  const shown = bestMentions(cv);
  const credits = job.categories.map((asked) => ({ asked, credit: creditFor(asked, shown) }));
  const total = credits.reduce((sum, { asked }) => sum + CATEGORY_WEIGHT[asked.category], 0);
  const earned = credits.reduce(
    (sum, { asked, credit }) => sum + CATEGORY_WEIGHT[asked.category] * credit,
    0,
  );
  const asked = new Set(job.categories.map(({ category }) => category));
  const relevant = [...shown.values()].filter(
    ({ skill }) => skill.generic !== true && asked.has(skill.category),
  );
  const ai = credits.find((credit) => credit.asked.category === 'ai')?.credit ?? 1;
  const byCoverage = scoreOf(total === 0 ? 0 : earned / total, relevant, ai);
  const isListOnly = relevant.every(({ weight }) => weight <= LIST_WEIGHT);
  // A list that no relevant work stands behind is a list of words.
  const score =
    isListOnly && cv.relevantEmployment.length === 0
      ? (Math.min(byCoverage, MOST_FOR_LIST) as Score)
      : byCoverage;
  const matched = relevant.filter(({ skill }) => job.named.has(skill));
  const missing = credits
    .filter(({ credit }) => credit === 0)
    .map((credit) => CATEGORY_LABEL[credit.asked.category]);
  return {
    reason: explain(job, matched, relevant, missing, ai),
    evidence: score === 1 ? [] : quotesFor(relevant, job),
    score,
  };
}

function bestMentions(cv: Cv): Map<Skill, Shown> {
  const best = new Map<Skill, Shown>();
  for (const statement of cv.statements) {
    for (const { value: skill } of statement.skills) {
      if ((best.get(skill)?.weight ?? 0) >= statement.weight) continue;
      best.set(skill, { skill, weight: statement.weight, statement });
    }
  }
  return best;
}

function creditFor({ category, named }: AskedCategory, shown: ReadonlyMap<Skill, Shown>): number {
  let credit = 0;
  for (const { skill, weight } of shown.values()) {
    if (skill.category !== category) continue;
    const fit =
      skill.generic === true ? KIND_ALONE : named.size === 0 || named.has(skill) ? 1 : SAME_KIND;
    credit = Math.max(credit, fit * weight);
  }
  // A framework is written in a language: who shows Django shows Python, if less plainly.
  if (category === 'language') {
    const frameworks = [...shown.values()].filter(
      ({ skill }) => skill.category === 'backend' && skill.generic !== true,
    );
    for (const { weight } of frameworks) credit = Math.max(credit, SAME_KIND * weight);
  }
  return credit;
}

function scoreOf(coverage: number, relevant: readonly Shown[], ai: number): Score {
  const used = relevant.filter(({ weight }) => weight > 0.6).length;
  if (coverage >= 0.72 && used >= 8 && ai >= AI_EXPOSURE) return 5;
  if (coverage >= 0.56 && used >= 5) return 4;
  if (coverage >= 0.36 && relevant.length >= 3) return 3;
  if (coverage >= 0.12 && relevant.length >= 1) return 2;
  return 1;
}

function explain(
  job: Job,
  matched: readonly Shown[],
  relevant: readonly Shown[],
  missing: readonly string[],
  ai: number,
): string {
  if (relevant.length === 0) {
    return `No technology that the job names is shown, nor any of the same kinds (${missing.slice(0, 5).join(', ')}).`;
  }
  const inWork = relevant.filter(({ weight }) => weight === USED_IN_WORK);
  const names = [...matched, ...relevant.filter((other) => !matched.includes(other))]
    .sort((one, other) => other.weight - one.weight)
    .slice(0, 6)
    .map(({ skill }) => skill.name);
  const named =
    job.named.size === 0
      ? `${capitalise(countInWords(relevant.length))} technologies of the kinds the job asks for`
      : `${capitalise(countInWords(matched.length))} of the job's ${countInWords(job.named.size)} technologies and ${countInWords(relevant.length - matched.length)} of the same kinds`;
  const shown = listInWords(names);
  const work = `${countInWords(inWork.length)} of them in dated work`;
  const gaps =
    missing.length === 0
      ? 'Every kind the job asks for is covered'
      : `Not shown: ${missing.slice(0, 5).join(', ')}`;
  const exposure = job.categories.some(({ category }) => category === 'ai')
    ? ai >= AI_EXPOSURE
      ? ' AI and LLM work is shown in use.'
      : ' AI and LLM work is not shown in use.'
    : '';
  return `${named}, ${work}: ${shown}. ${gaps}.${exposure}`;
}

function quotesFor(relevant: readonly Shown[], job: Job): Verdict['evidence'] {
  const value = new Map<CvStatement, number>();
  for (const { skill, statement, weight } of relevant) {
    const worth = weight * (job.named.has(skill) ? 1 : SAME_KIND);
    value.set(statement, (value.get(statement) ?? 0) + worth);
  }
  const best = [...value.entries()]
    .sort(
      ([one, worthOfOne], [other, worthOfOther]) =>
        other.weight - one.weight ||
        // A sentence says what was done with it; a list does not.
        Number(isListing(one)) - Number(isListing(other)) ||
        worthOfOther - worthOfOne,
    )
    .slice(0, 6);
  return distinctQuotes(
    best.map(([statement]) => {
      const first = statement.skills[0];
      return quoteOf(statement, first?.from, statement.skills[statement.skills.length - 1]?.to);
    }),
  );
}

const SHARE_FOR_SCORE: readonly (readonly [number, Score])[] = [
  [0.65, 5],
  [0.45, 4],
  [0.3, 3],
  [0.15, 2],
];

/** A job that names no technology is matched on its own words, so none is rewarded for Python. */
function scoreByWords(cv: Cv, job: Job): Verdict {
  const wanted = new Set(job.concepts);
  const found = new Set<string>();
  const statements: { statement: CvStatement; from: number; count: number }[] = [];
  for (const statement of cv.statements) {
    const hits = conceptsOfTokens(statement.tokens).filter(
      ({ concept, at }) => wanted.has(concept) && statement.negated[at] !== true,
    );
    for (const { concept } of hits) found.add(concept);
    if (hits.length > 0) statements.push({ statement, from: hits[0]?.at ?? 0, count: hits.length });
  }
  const share = wanted.size === 0 ? 0 : found.size / wanted.size;
  const score = SHARE_FOR_SCORE.find(([least]) => share >= least)?.[1] ?? 1;
  const best = statements.sort((one, other) => other.count - one.count).slice(0, 6);
  return {
    reason: `The job names no technologies; ${countInWords(found.size)} of its ${countInWords(wanted.size)} main terms are in the CV${found.size === 0 ? '' : `, such as ${listInWords([...found].slice(0, 5))}`}.`,
    evidence:
      score === 1
        ? []
        : distinctQuotes(best.map(({ statement, from }) => quoteOf(statement, from))),
    score,
  };
}
