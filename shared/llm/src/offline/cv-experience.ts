import { measureOutcomes } from './cv-achievements.ts';
import type { Cv, CvStatement } from './cv.ts';
import { monthsCovered } from './dates.ts';
import type { Engagement } from './engagements.ts';
import type { Job } from './job.ts';
import { distinctQuotes, quoteOf, type Evidence } from './quotes.ts';
import { countInWords } from './text.ts';
import { createWordTest } from './signals.ts';
import type { Score, Verdict } from './verdict.ts';

/** Months of relevant dated work from which each score is given. */
const LEAST_MONTHS: readonly (readonly [number, Score])[] = [
  [60, 5],
  [36, 4],
  [24, 3],
  [12, 2],
];
/** Years that are claimed and not dated cannot earn more. */
const MOST_FOR_CLAIM: Score = 3;
const OUTCOMES_OF_HIGH_IMPACT = 3;

const CLAIM =
  /(?<![\d.,])(\d{1,2})(?:[.,]\d)?\s?\+?\s?(?:years?|yrs?|tahun|thn)(?:['’]s?|s['’])?\s(?:[\p{L}-]{1,20}\s){0,4}?(?:experience|pengalaman|sebagai|as|in|building|developing|working|bekerja|membangun|mengembangkan)(?!\p{L})|(?:experience|pengalaman|berpengalaman)\s(?:[\p{L}-]{1,20}\s){0,4}?(\d{1,2})\s?\+?\s?(?:years?|yrs?|tahun|thn)(?!\p{L})/iu;

const speaksOfSoftware = createWordTest(
  'software, backend, back end, developer, programmer, engineer, web, api, apis, pengembang, perangkat lunak, programer, fullstack, full stack, devops, application*, aplikasi',
);

/** Years of relevant dated work, overlaps counted once; studies and other trades left out. */
export function scoreExperience(cv: Cv, job: Job): Verdict {
  const relevant = cv.relevantEmployment;
  const months = monthsCovered(relevant.map(({ range }) => range));
  if (months === 0) return scoreClaim(cv, job);
  const byYears = LEAST_MONTHS.find(([least]) => months >= least)?.[1] ?? 1;
  const highImpact =
    byYears === 4 &&
    measureOutcomes(cv, job).filter((outcome) => outcome.isRelevant && outcome.isMajor).length >=
      OUTCOMES_OF_HIGH_IMPACT;
  const score = highImpact ? 5 : byYears;
  const others = cv.employment.length - relevant.length;
  const sentences = [
    `About ${yearsInWords(months)} of relevant dated work in ${countInWords(relevant.length)} ${relevant.length === 1 ? 'position' : 'positions'} (${spanOf(relevant)}), overlaps counted once.`,
    ...(others > 0
      ? [
          `${others === 1 ? 'One other dated position is' : `${countInWords(others)} other dated positions are`} not counted: nothing in ${others === 1 ? 'it' : 'them'} relates to the job.`,
        ]
      : []),
    ...(highImpact ? ['Several major measured outcomes lift it to the highest score.'] : []),
  ].map((sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1));
  return {
    reason: sentences.join(' '),
    evidence: score === 1 ? [] : quotesOf(cv, relevant),
    score,
  };
}

function scoreClaim(cv: Cv, job: Job): Verdict {
  const claim = findClaim(cv, job);
  const unrelated = cv.employment.length;
  const dated =
    unrelated === 0
      ? 'No dated employment was found'
      : unrelated === 1
        ? 'The one dated position does not relate to the job'
        : `None of the ${countInWords(unrelated)} dated positions relates to the job`;
  if (claim === undefined) return { reason: `${dated}.`, evidence: [], score: 1 };
  const byYears = LEAST_MONTHS.find(([least]) => claim.years * 12 >= least)?.[1] ?? 1;
  const score = Math.min(byYears, MOST_FOR_CLAIM) as Score;
  return {
    reason: `${dated}; ${claim.years} years are claimed without dates, which earns at most ${MOST_FOR_CLAIM}.`,
    evidence: score === 1 ? [] : [quoteOf(claim.statement)],
    score,
  };
}

function findClaim(cv: Cv, job: Job): { years: number; statement: CvStatement } | undefined {
  for (const statement of cv.statements) {
    const match = CLAIM.exec(statement.text);
    const isRelevant = job.isTechnical
      ? statement.skills.length > 0 || speaksOfSoftware(statement.tokens)
      : true;
    if (match !== null && isRelevant && statement.negated.every((negated) => !negated)) {
      return { years: Number(match[1] ?? match[2]), statement };
    }
  }
  return undefined;
}

function yearsInWords(months: number): string {
  if (months < 12) return `${months} ${months === 1 ? 'month' : 'months'}`;
  const years = Math.round(months / 1.2) / 10;
  return `${years} ${years === 1 ? 'year' : 'years'}`;
}

function spanOf(engagements: readonly Engagement[]): string {
  const from = Math.min(...engagements.map(({ range }) => range.from));
  const to = Math.max(...engagements.map(({ range }) => range.to));
  const last = engagements.some(({ range }) => range.runsToPresent && range.to === to)
    ? 'present'
    : String(Math.floor((to - 1) / 12));
  const first = String(Math.floor(from / 12));
  return first === last ? first : `${first} to ${last}`;
}

/** The lines the dates stand in, longest engagement first. */
function quotesOf(cv: Cv, engagements: readonly Engagement[]): Evidence[] {
  const longestFirst = [...engagements].sort(
    (one, other) => other.range.to - other.range.from - (one.range.to - one.range.from),
  );
  return distinctQuotes(
    longestFirst.slice(0, 6).flatMap((engagement) => {
      if (engagement.quote !== undefined) return [engagement.quote];
      const written = engagement.range.written.slice(0, 12);
      const statement = cv.statements.find(
        (candidate) =>
          candidate.line >= engagement.fromLine &&
          candidate.line < engagement.toLine &&
          candidate.text.includes(written),
      );
      if (statement === undefined) return [];
      const at = statement.text.indexOf(written);
      const token = statement.tokens.findIndex(({ end }) => end > at);
      return [quoteOf(statement, Math.max(0, token), Math.max(0, token) + 2)];
    }),
  );
}
