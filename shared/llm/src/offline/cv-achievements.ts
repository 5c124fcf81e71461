import { conceptsOf } from './concepts.ts';
import type { Cv, CvStatement } from './cv.ts';
import type { Job } from './job.ts';
import { findMeasures } from './measures.ts';
import { distinctQuotes, quoteOf } from './quotes.ts';
import { createWordTest } from './signals.ts';
import { IMPACT_VERBS, SOFTWARE_WORDS } from './signals-cv.ts';
import { countInWords, capitalise } from './text.ts';
import type { Score, Verdict } from './verdict.ts';

export type Outcome = {
  readonly statement: CvStatement;
  /** Where in its text the measure stands. */
  readonly index: number;
  readonly isMajor: boolean;
  readonly isRelevant: boolean;
};

const hasImpactVerb = createWordTest(IMPACT_VERBS);
const speaksOfSoftware = createWordTest(SOFTWARE_WORDS);
const hasStrongVerb = createWordTest(
  `reduc*, improv*, increas*, optimi*, scal*, migrat*, launch*, automat*, eliminat*, accelerat*, shipped, rewrote, refactor*,
   meningkatkan, mengurangi, menurunkan, mempercepat, mengoptimalkan, memigrasikan, mengotomatisasi, merilis, menskalakan`,
);

/** Unmeasured improvements from which the score is 2 and not 1. */
const LEAST_UNMEASURED = 2;

/** Measured outcomes tied to an impact verb and to work of the job's kind, by count and size. */
export function scoreAchievements(cv: Cv, job: Job): Verdict {
  const outcomes = measureOutcomes(cv, job);
  const relevant = outcomes.filter((outcome) => outcome.isRelevant);
  const major = relevant.filter((outcome) => outcome.isMajor);
  const aside = outcomes.length - relevant.length;
  const unmeasured = cv.statements.filter(
    (statement) =>
      isRelevant(statement, job) && hasStrongVerb(statement.tokens) && !isNegated(statement),
  );
  const score = scoreOf(relevant.length, major.length, unmeasured.length, aside);
  const quoted =
    relevant.length > 0 ? [...major, ...relevant.filter((one) => !one.isMajor)] : outcomes;
  const evidence =
    score === 1
      ? []
      : quoted.length > 0
        ? quoted.map(({ statement, index }) => quoteOf(statement, tokenAt(statement, index)))
        : unmeasured.map((statement) => quoteOf(statement));
  return {
    reason: explain(relevant.length, major.length, unmeasured.length, aside),
    evidence: distinctQuotes(evidence),
    score,
  };
}

/** One outcome a statement: its largest. */
export function measureOutcomes(cv: Cv, job: Job): Outcome[] {
  return cv.statements.flatMap((statement) => {
    if (statement.section === 'education' || statement.section === 'interests') return [];
    if (statement.engagement?.kind === 'education' || isNegated(statement)) return [];
    const measures = findMeasures(statement.text);
    if (measures.length === 0 || !hasImpactVerb(statement.tokens)) return [];
    const largest = measures.find((measure) => measure.isMajor) ?? measures[0];
    return largest === undefined
      ? []
      : [
          {
            statement,
            index: largest.index,
            isMajor: largest.isMajor,
            isRelevant: isRelevant(statement, job),
          },
        ];
  });
}

function isNegated(statement: CvStatement): boolean {
  const negated = statement.negated.filter(Boolean).length;
  return negated * 2 > statement.tokens.length;
}

function isRelevant(statement: CvStatement, job: Job): boolean {
  if (!job.isTechnical) {
    if (statement.inRelevantWork === true) return true;
    const concepts = new Set(conceptsOf(statement.text));
    return job.concepts.filter((concept) => concepts.has(concept)).length >= 2;
  }
  const names = statement.skills.some(({ value: skill }) => skill.generic !== true);
  if (statement.inRelevantWork === true) return true;
  // In other work "the system" is any system: only a technology ties it to the job.
  if (statement.inRelevantWork === false) return names;
  return names || statement.skills.length > 0 || speaksOfSoftware(statement.tokens);
}

function scoreOf(relevant: number, major: number, unmeasured: number, aside: number): Score {
  if (relevant >= 4 && major >= 3) return 5;
  if (relevant >= 3 && major >= 1) return 4;
  if (relevant >= 2) return 3;
  if (relevant === 1) return major === 1 && unmeasured >= 2 ? 3 : 2;
  return unmeasured >= LEAST_UNMEASURED || aside >= 2 ? 2 : 1;
}

function explain(relevant: number, major: number, unmeasured: number, aside: number): string {
  const other =
    aside === 0
      ? ''
      : ` ${capitalise(countInWords(aside))} measured in other work ${aside === 1 ? 'counts' : 'count'} little for this job.`;
  if (relevant > 0) {
    const large =
      relevant > 1
        ? `${countInWords(major)} of them large`
        : major === 1
          ? 'a large one'
          : 'a modest one';
    return `${capitalise(countInWords(relevant))} measured ${relevant === 1 ? 'outcome' : 'outcomes'} in work of the job's kind, ${large}.${other}`;
  }
  const unmeasuredText =
    unmeasured === 0
      ? ''
      : `; ${countInWords(unmeasured)} ${unmeasured === 1 ? 'improvement is' : 'improvements are'} named without a measure`;
  return `No measured outcome in work of the job's kind${unmeasuredText}.${other}`;
}

function tokenAt(statement: CvStatement, index: number): number {
  return Math.max(
    0,
    statement.tokens.findIndex(({ end }) => end > index),
  );
}
