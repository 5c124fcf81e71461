/** A month as a count since year 0: `year * 12 + (month - 1)`. */
export type Month = number;

export type DateRange = {
  /** Inclusive. */
  readonly from: Month;
  /** Exclusive. For a range that runs to the present, the reference month's end. */
  readonly to: Month;
  readonly runsToPresent: boolean;
  /** As written, and where in the text. */
  readonly written: string;
  readonly index: number;
};

const MONTHS = [
  'jan(?:uari|uary)?',
  'feb(?:ruari|ruary|r|b)?|peb(?:ruari)?',
  'mar(?:et|ch)?|mrt',
  'apr(?:il)?',
  'mei|may',
  'june?|juni',
  'july?|juli',
  'aug(?:ust)?|agustus|agust|agu|agt|ags|agst',
  'sept?(?:ember)?',
  'oct(?:ober)?|okt(?:ober)?',
  'nov(?:ember)?|nop(?:ember)?',
  'dec(?:ember)?|des(?:ember)?',
];
const MONTH_PATTERNS = MONTHS.map((month) => new RegExp(`^(?:${month})$`));

const MONTH_NAME = `(?:${MONTHS.join('|')})\\.?(?![a-z])`;
const YEAR = '(?:19[6-9]\\d|20\\d\\d)';
const DAY = '(?:\\d{1,2}(?:st|nd|rd|th)?\\s)?';
const NAMED = `${DAY}${MONTH_NAME}(?:\\s\\d{1,2},)?[\\s,'’/-]{0,3}(?:${YEAR}|(?<=['’])\\d{2})(?!\\d)`;
const NUMBERED = `(?:\\d{1,2}[/.])?(?:0?[1-9]|1[0-2])\\s?[/.-]\\s?${YEAR}(?!\\d)`;
const YEAR_FIRST = `${YEAR}[/.-](?:0[1-9]|1[0-2])(?![\\d])(?![/.-]\\d{3})`;
const QUARTER = `(?:q[1-4]\\s?[/'’-]?\\s?${YEAR}|${YEAR}\\s?[/-]?\\s?q[1-4])(?!\\d)`;
const POINT = `(?:${QUARTER}|${NAMED}|${NUMBERED}|${YEAR_FIRST}|${YEAR}(?!\\d))`;
const PRESENT =
  '(?:present|now|current(?:ly)?|today|to\\s?date|date|ongoing|sekarang|kini|saat\\sini|hari\\sini|seterusnya|berjalan)(?![a-z])';
const TO =
  '\\s?(?:-{1,2}|–|—|‒|−|→|~|\\bto\\b|\\buntil\\b|\\btill\\b|\\bthrough\\b|\\bs\\/d\\b|\\bs\\.d\\b\\.?|\\bsd\\b|\\bsampai(?:\\sdengan|\\sdgn)?\\b|\\bhingga\\b)\\s?';
const SINCE = '(?:since|sejak|mulai|from|dari)';

const RANGE = new RegExp(
  `(?<![\\d/.-])(?:(${POINT})${TO}(${PRESENT}|${POINT}|\\d{2}(?![\\d/.%-]))` +
    `|(${DAY}${MONTH_NAME})${TO}(${NAMED})` +
    `|\\b(?:since|sejak)\\s(${POINT})` +
    `|\\b${SINCE}\\s(${POINT})${TO}(${PRESENT}))`,
  'gi',
);

const HAS_YEAR = /(?:19|20)\d\d|['’]\d\d/;

/**
 * The month "present" stands for when a server is told none. A constant, since an answer must not
 * depend on the day it is given; moved on with releases.
 */
export const DEFAULT_REFERENCE_MONTH = '2026-11';

/** A shift that ends later than this after the reference month is taken to end there. */
const LONGEST_FUTURE_MONTHS = 12;

/** `2026-11` → Month. Throws a TypeError on anything else. */
export function parseReferenceMonth(written: string): Month {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(written);
  if (match === null) throw new TypeError(`not a month as YYYY-MM: ${written}`);
  return Number(match[1]) * 12 + Number(match[2]) - 1;
}

/**
 * The date ranges of a text whose whitespace is folded, in order. "Present" is the end of the
 * reference month, or of the latest month in which something that runs to the present began.
 */
export function findDateRanges(text: string, referenceMonth: Month): DateRange[] {
  // Every range has a year in it; most lines of a CV have none.
  if (!HAS_YEAR.test(text)) return [];
  const ranges: DateRange[] = [];
  for (const match of text.matchAll(RANGE)) {
    const range = rangeOf(match, referenceMonth);
    if (range !== undefined) ranges.push(range);
  }
  return ranges;
}

/** Months covered by any of the ranges: overlaps count once. */
export function monthsCovered(ranges: readonly Pick<DateRange, 'from' | 'to'>[]): number {
  const sorted = [...ranges].sort((one, other) => one.from - other.from);
  let months = 0;
  let coveredUpTo = Number.NEGATIVE_INFINITY;
  for (const { from, to } of sorted) {
    if (to <= coveredUpTo) continue;
    months += to - Math.max(from, coveredUpTo);
    coveredUpTo = to;
  }
  return months;
}

type Point = { readonly year: number; readonly month: number | undefined };

function rangeOf(match: RegExpExecArray, reference: Month): DateRange | undefined {
  const [written, first, second, monthOnly, named, since, sincePoint] = match;
  const end = second ?? named;
  const start = readPoint(first ?? since ?? sincePoint ?? '') ?? startInYearOf(monthOnly, named);
  if (start === undefined) return undefined;
  const from = start.year * 12 + (start.month ?? MIDDLE_OF_YEAR);
  const runsToPresent = end === undefined || new RegExp(`^${PRESENT}$`, 'i').test(end);
  const to = runsToPresent
    ? Math.max(reference, from) + 1
    : endOf(readEnd(end) ?? shortYear(end, start, reference), start);
  if (to === undefined || to <= from) return undefined;
  const clipped = Math.min(to, Math.max(from + 1, reference + 1 + LONGEST_FUTURE_MONTHS));
  return { from, to: clipped, runsToPresent, written, index: match.index };
}

/** A year alone is taken at its middle at both ends: 2019–2022 is three years. */
const MIDDLE_OF_YEAR = 6;
const SHORTEST_YEAR_MONTHS = 6;

function endOf(end: Point | undefined, start: Point): Month | undefined {
  if (end === undefined) return undefined;
  if (end.month !== undefined) return end.year * 12 + end.month + 1;
  const to = end.year * 12 + MIDDLE_OF_YEAR;
  const from = start.year * 12 + (start.month ?? MIDDLE_OF_YEAR);
  if (end.year < start.year) return undefined;
  return Math.max(to, from + (end.year === start.year ? SHORTEST_YEAR_MONTHS : 1));
}

function startInYearOf(month: string | undefined, end: string | undefined): Point | undefined {
  const endPoint = readPoint(end ?? '');
  const startMonth = monthNumber(month ?? '');
  if (endPoint === undefined || startMonth === undefined) return undefined;
  return { year: endPoint.year, month: startMonth };
}

/** `2019–22`; two digits that make a year yet to come are something else. */
function shortYear(written: string, start: Point, reference: Month): Point | undefined {
  if (!/^\d{2}$/.test(written) || start.month !== undefined) return undefined;
  const year = Math.floor(start.year / 100) * 100 + Number(written);
  return year * 12 <= reference + LONGEST_FUTURE_MONTHS ? { year, month: undefined } : undefined;
}

function readPoint(written: string): Point | undefined {
  const text = written.toLowerCase();
  const year = /(?:19|20)\d\d/.exec(text)?.[0] ?? shortNamedYear(text);
  if (year === undefined) return undefined;
  const yearFirst = /^\d{4}[/.-](\d{2})$/.exec(text)?.[1];
  const numbered = /(\d{1,2})\s?[/.-]\s?\d{4}$/.exec(text)?.[1];
  const number = yearFirst ?? numbered;
  const month = number === undefined ? monthNumber(text) : Number(number) - 1;
  return { year: Number(year), month: month ?? firstMonthOfQuarter(text) };
}

/** A quarter ends with its third month. */
function readEnd(written: string): Point | undefined {
  const point = readPoint(written);
  if (point?.month === undefined || !/q[1-4]/i.test(written)) return point;
  return { year: point.year, month: point.month + LATER_MONTHS_OF_QUARTER };
}

function firstMonthOfQuarter(text: string): number | undefined {
  const quarter = /q([1-4])/.exec(text)?.[1];
  return quarter === undefined ? undefined : (Number(quarter) - 1) * 3;
}

const LATER_MONTHS_OF_QUARTER = 2;

function shortNamedYear(text: string): string | undefined {
  const digits = /['’](\d{2})$/.exec(text)?.[1];
  if (digits === undefined) return undefined;
  return `${Number(digits) > 60 ? '19' : '20'}${digits}`;
}

function monthNumber(text: string): number | undefined {
  const word = /[a-z]{3,}/.exec(text.toLowerCase())?.[0];
  if (word === undefined) return undefined;
  const index = MONTH_PATTERNS.findIndex((pattern) => pattern.test(word));
  return index === -1 ? undefined : index;
}
