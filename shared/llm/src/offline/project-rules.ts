import type { Statement } from './document.ts';
import type { Project } from './project.ts';
import { distinctQuotes, quoteOf, type Evidence } from './quotes.ts';
import {
  byGroup,
  createSignalFinder,
  createWordTest,
  type Hit,
  type SignalFinder,
  type SignalGroup,
} from './signals.ts';
import { CRITERIA, DEPTH_WORDS, SHOWN_BY_DENIAL, type Criterion } from './signals-project.ts';
import { capitalise, countInWords, listInWords } from './text.ts';
import type { Score, Verdict } from './verdict.ts';

const explainsItself = createWordTest(DEPTH_WORDS);
const finders = new Map<string, SignalFinder>(
  [...CRITERIA].map(([id, { groups }]) => [id, createSignalFinder(groups)]),
);

/** What a sign is worth: named in a heading or a few words, said in a sentence, with how or why. */
const NAMED = 0.5;
const SAID = 0.8;
const EXPLAINED = 1;
const SHORTEST_SENTENCE_WORDS = 5;
const SHORTEST_EXPLANATION_WORDS = 9;

/** Nothing but mentions is no strong showing. */
const DEEP_FOR_FOUR = 1;

/** Terms are no work: a report that only names them shows little. */
const MOST_FOR_NAMES: Score = 2;

/** Below this share of the brief's words, with none of its central parts, a report is about something else. */
const OFF_TOPIC = 0.25;
const BESIDE_TOPIC = 0.4;
/** Of a brief that asks for nothing of the kind. */
const OFF_OTHER_TOPIC = 0.15;

type Shown = { readonly group: SignalGroup; readonly worth: number; readonly best: Hit };

export function scoreProjectCriterion(id: string, criterion: Criterion, project: Project): Verdict {
  const find = finders.get(id);
  if (find === undefined) throw new TypeError(`no rules for the project criterion ${id}`);
  const { shown: hits, denied } = find(project.statements);
  const counted = [...hits, ...denied.filter(({ group }) => SHOWN_BY_DENIAL.has(group.name))];
  const shown = [...byGroup(counted)].map(([group, sameGroup]) => bestOf(group, sameGroup));
  const missing = denied.filter(
    ({ group }) =>
      !SHOWN_BY_DENIAL.has(group.name) && !shown.some((other) => other.group === group),
  );
  const byShare = scoreOf(criterion, shown);
  const limit = limitOf(id, project);
  const score = Math.min(byShare, limit) as Score;
  return {
    reason: explain(criterion, shown, missing, project, limit < byShare),
    evidence: score === 1 ? quotes(missing, 2) : quotesOf(criterion, shown),
    score,
  };
}

function bestOf(group: SignalGroup, hits: readonly Hit[]): Shown {
  let best = hits[0];
  let worth = 0;
  for (const hit of hits) {
    const worthOfHit = worthOf(hit.statement);
    if (worthOfHit > worth) [best, worth] = [hit, worthOfHit];
  }
  if (best === undefined) throw new TypeError('a group of signals without a hit');
  return { group, worth, best };
}

function worthOf(statement: Statement): number {
  const words = statement.tokens.length;
  if (statement.isHeading || words < SHORTEST_SENTENCE_WORDS || isBareList(statement)) return NAMED;
  return isDeep(statement) ? EXPLAINED : SAID;
}

const LEAST_ITEMS = 5;
const LONGEST_ITEM_WORDS = 2.5;
const LONGEST_LEAD_WORDS = 4;

/** Terms one after the other, of which nothing is said. */
function isBareList({ text }: Statement): boolean {
  const items = text.split(/[,;|•]\s/);
  const wordsIn = (item: string): number => item.trim().split(/\s+/).length;
  return (
    items.length >= LEAST_ITEMS &&
    wordsIn(items[0] ?? '') <= LONGEST_LEAD_WORDS &&
    wordsIn(text) <= LONGEST_ITEM_WORDS * items.length
  );
}

/** How, why or how much: a reason, a comparison or a number, in a sentence long enough to say it. */
export function isDeep(statement: Statement): boolean {
  if (statement.tokens.length < SHORTEST_EXPLANATION_WORDS) return false;
  return explainsItself(statement.tokens) || hasFigure(statement.text);
}

/** A number that is not a year, a list number or a heading's. */
function hasFigure(text: string): boolean {
  return /(?<![\d.])(?!(?:19|20)\d\d(?!\d))\d+(?:[.,]\d+)?\s?(?:%|\p{L})/u.test(
    text.replace(/^\d{1,2}(?:\.\d)?[.)]\s?/, ''),
  );
}

function scoreOf(criterion: Criterion, shown: readonly Shown[]): Score {
  const share = shown.reduce((sum, { worth }) => sum + worth, 0) / criterion.groups.length;
  const names = new Set(shown.map(({ group }) => group.name));
  const hasCore = criterion.core.every((name) => names.has(name));
  const deep = shown.filter(({ worth }) => worth === EXPLAINED).length;
  const [two, three, four, five] = criterion.shares;
  const said = shown.filter(({ worth }) => worth > NAMED).length;
  if (said === 0) return share >= two ? MOST_FOR_NAMES : 1;
  if (share >= five && hasCore && deep >= criterion.deepForFive) return 5;
  if (share >= four && hasCore && deep >= DEEP_FOR_FOUR) return 4;
  if (share >= three) return 3;
  return share >= two ? 2 : 1;
}

/** A report about something else cannot earn by mentioning a README and tests. */
function limitOf(id: string, project: Project): Score {
  if (!project.briefAsksForModels) {
    return (project.topicality ?? 1) < OFF_OTHER_TOPIC ? 2 : 5;
  }
  if (project.centralParts > 1) return 5;
  const topicality = project.topicality ?? 0;
  if (project.centralParts === 1) return topicality < OFF_TOPIC ? 2 : 5;
  if (id === 'correctness' || topicality < OFF_TOPIC) return 1;
  return topicality < BESIDE_TOPIC ? 2 : 3;
}

function explain(
  criterion: Criterion,
  shown: readonly Shown[],
  missing: readonly Hit[],
  project: Project,
  isLimited: boolean,
): string {
  const deep = shown.filter(({ worth }) => worth === EXPLAINED).length;
  const labels = shown.map(({ group }) => group.label);
  const absent = criterion.groups.filter((group) => !shown.some((other) => other.group === group));
  const denied = [...new Set(missing.map(({ group }) => group.label))];
  const sentences = [
    labels.length === 0
      ? 'None of what this criterion looks for is shown'
      : `${capitalise(listInWords(labels))} shown, ${countInWords(deep)} of ${countInWords(labels.length)} with how, why or figures`,
    ...(denied.length > 0 ? [`Said to be missing or planned: ${listInWords(denied)}`] : []),
    ...(absent.length > denied.length && labels.length > 0
      ? [
          `Not shown: ${listInWords(
            absent
              .filter((group) => !denied.includes(group.label))
              .map(({ label }) => label)
              .slice(0, 4),
          )}`,
        ]
      : []),
    ...(isLimited ? [limitSentence(project)] : []),
  ];
  return `${sentences.join('. ')}.`;
}

function limitSentence({ topicality, briefAsksForModels, centralParts }: Project): string {
  const share =
    topicality === undefined ? '' : `, ${Math.round(topicality * 100)}% of the brief's main terms`;
  const parts = briefAsksForModels
    ? `: ${countInWords(centralParts)} of prompts, chaining and retrieval`
    : '';
  return `Held back, since the report shows little of what the brief asks for${parts}${share}`;
}

/** The core first, the best explained first. */
function quotesOf(criterion: Criterion, shown: readonly Shown[]): Evidence[] {
  const rank = ({ group, worth }: Shown): number =>
    worth + (criterion.core.includes(group.name) ? 0.5 : 0);
  const best = [...shown].sort((one, other) => rank(other) - rank(one));
  return quotes(
    best.map((one) => one.best),
    3,
  );
}

function quotes(hits: readonly Hit[], most: number): Evidence[] {
  return distinctQuotes(
    hits.map((hit) => quoteOf(hit.statement, hit.from, hit.to)),
    most,
  );
}
