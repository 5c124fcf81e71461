import { findDateRanges, type DateRange, type Month } from './dates.ts';
import type { CandidateDocument, Line } from './document.ts';
import { LONGEST_QUOTE, type Evidence } from './quotes.ts';
import type { Section } from './sections.ts';
import { createWordTest } from './signals.ts';
import { tokenise } from './text.ts';

/** Something dated in a CV, with the lines that describe it. */
export type Engagement = {
  readonly kind: 'employment' | 'project' | 'education' | 'other';
  readonly range: DateRange;
  /** Indexes of lines; `toLine` is exclusive. */
  readonly fromLine: number;
  readonly toLine: number;
  /** The line the date stands in. */
  readonly dateLine: number;
  /** Title, company and date: the lines at the top. */
  readonly header: string;
  /** The lines from title to date as a quote; undefined where they do not stand as one passage. */
  readonly quote: Evidence | undefined;
};

const KIND_BY_SECTION: Partial<Record<Section, Engagement['kind']>> = {
  projects: 'project',
  education: 'education',
  skills: 'other',
  organisation: 'other',
  training: 'other',
  languages: 'other',
  interests: 'other',
  planned: 'other',
};

const mentionsSchool =
  createWordTest(`university, universitas, college, institut, institute of technology, bachelor*, master of, master s,
  magister, sarjana, s1, s2, d3, d4, diploma, sma, smk, smp, man, gpa, ipk, high school, senior high, sekolah, politeknik, polytechnic,
  degree, b sc, bsc, m sc, msc, undergraduate, graduated, bootcamp, jurusan, fakultas, faculty of, thesis, skripsi, lulus, student, mahasiswa`);
const mentionsDegree = createWordTest(
  'bachelor*, master of, master s degree, magister, sarjana, gpa, ipk, b sc, bsc, m sc, msc, undergraduate, skripsi',
);
const mentionsPost =
  createWordTest(`engineer, developer, programmer, lecturer, dosen, guru, teacher, teaching assistant, staff, staf, manager, manajer, officer,
  analyst, analis, intern, magang, asisten, assistant, lead, head, kepala, consultant, konsultan, administrator, researcher, peneliti, chef, koki, supervisor`);

const LONGEST_TITLE = 60;
/** More than any CV has in a line; a bound on the work that a line made of dates can cause. */
const MOST_RANGES = 6;
const LONGEST_DATED_LINE = 2_000;
const LONGEST_HEADER = 400;

/** The engagements of a CV, in its order. */
export function findEngagements(document: CandidateDocument, referenceMonth: Month): Engagement[] {
  const { lines } = document;
  const dated = findDatedLines(lines, referenceMonth);
  const starts = dated.map(({ index }, position) =>
    titleLinesBefore(lines, index, dated[position - 1]?.index ?? -1),
  );
  return dated.flatMap(({ index, ranges }, position) => {
    const fromLine = index - (starts[position] ?? 0);
    const next = dated[position + 1];
    const nextStart = next === undefined ? lines.length : next.index - (starts[position + 1] ?? 0);
    const toLine = endBeforeHeading(lines, index, Math.max(index + 1, nextStart));
    const header = headerOf(lines, fromLine, index, toLine);
    const kind = kindOf(lines[index]?.section ?? 'none', header);
    const quote = quoteOfLines(lines.slice(fromLine, index + 1));
    return ranges.map((range) => ({
      ...{ kind, range, fromLine, toLine, header, quote },
      dateLine: index,
    }));
  });
}

type DatedLine = { readonly index: number; readonly ranges: readonly DateRange[] };

function findDatedLines(lines: readonly Line[], referenceMonth: Month): DatedLine[] {
  const dated: DatedLine[] = [];
  /** The last dated line, as long as no heading has come since. */
  let open: DatedLine | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.isHeading) open = undefined;
    if (line.isBlank || !/\d{2}/.test(line.text)) continue;
    const ranges = rangesAt(lines, index, referenceMonth);
    if (ranges.length === 0 || isDetailOf(open, lines, line, ranges)) continue;
    open = { index, ranges };
    dated.push(open);
  }
  return dated;
}

/** A dated bullet within the time of the engagement above it describes that engagement. */
function isDetailOf(
  open: DatedLine | undefined,
  lines: readonly Line[],
  line: Line,
  ranges: readonly DateRange[],
): boolean {
  if (open === undefined || !line.isBullet || lines[open.index]?.isBullet === true) return false;
  return ranges.every((range) => liesWithin(range, open.ranges));
}

/** A range broken over two lines belongs to the first. */
function rangesAt(lines: readonly Line[], index: number, referenceMonth: Month): DateRange[] {
  const text = lines[index]?.text ?? '';
  const own = findDateRanges(text.slice(0, LONGEST_DATED_LINE), referenceMonth).slice(
    0,
    MOST_RANGES,
  );
  const next = lines[index + 1];
  if (own.length > 0 || next === undefined || next.isBlank || next.isHeading) return own;
  const tail = text.slice(-LONGEST_TITLE);
  return findDateRanges(`${tail} ${next.text.slice(0, LONGEST_TITLE)}`, referenceMonth).filter(
    (range) => range.index < tail.length && range.index + range.written.length > tail.length + 1,
  );
}

function liesWithin(range: DateRange, outer: readonly DateRange[]): boolean {
  return outer.some(({ from, to }) => range.from >= from - 1 && range.to <= to + 1);
}

/** How many lines just above a date are its title and company. */
function titleLinesBefore(lines: readonly Line[], index: number, previousDate: number): number {
  const ownWords = tokenise((lines[index]?.text ?? '').replace(/\d+/g, ' ')).length;
  const most = ownWords >= 9 ? 0 : ownWords >= 5 ? 1 : 2;
  let count = 0;
  while (count < most && index - count - 1 > previousDate && isTitle(lines[index - count - 1])) {
    count += 1;
  }
  return count;
}

function isTitle(line: Line | undefined): boolean {
  if (line === undefined || line.isBlank || line.isBullet || line.isHeading) return false;
  const { text } = line;
  const commas = text.split(',').length - 1;
  return (
    text.length <= LONGEST_TITLE &&
    /^[\p{Lu}\d]/u.test(text) &&
    !/[.:;]$|: /.test(text) &&
    commas < 2
  );
}

function endBeforeHeading(lines: readonly Line[], from: number, to: number): number {
  for (let index = from + 1; index < to; index += 1) {
    const line = lines[index];
    if (line?.isHeading === true || line?.opensOwnSection === true) return index;
  }
  return to;
}

function headerOf(lines: readonly Line[], from: number, dateLine: number, to: number): string {
  const header = lines.slice(from, dateLine + 1);
  const next = dateLine + 1 < to ? lines[dateLine + 1] : undefined;
  if (next !== undefined && isTitle(next)) header.push(next);
  return header
    .map((line) => line.text)
    .join(' | ')
    .slice(0, LONGEST_HEADER);
}

function quoteOfLines(passage: readonly Line[]): Evidence | undefined {
  const first = passage[0];
  const quote = passage.map((line) => line.text).join(' ');
  const isOnePassage = passage.every(
    (line, index) => line.page === first?.page && (index === 0 || !line.isBullet),
  );
  if (first === undefined || !isOnePassage || quote.length > LONGEST_QUOTE) return undefined;
  return { quote, page: first.page };
}

function kindOf(section: Section, header: string): Engagement['kind'] {
  const bySection = KIND_BY_SECTION[section];
  if (bySection !== undefined) return bySection;
  const tokens = tokenise(header);
  const looksLikeSchool =
    section === 'experience' ? mentionsDegree(tokens) : mentionsSchool(tokens);
  return looksLikeSchool && !mentionsPost(tokens) ? 'education' : 'employment';
}
