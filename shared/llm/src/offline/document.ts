import { negatedTokens } from './negation.ts';
import { sectionOfHeading, sectionOfLabel, type Section } from './sections.ts';
import { foldWhitespace, tokenise, type Token } from './text.ts';

export type Line = {
  readonly page: number;
  /** Whitespace folded, bullet taken off. */
  readonly text: string;
  readonly isBullet: boolean;
  readonly isHeading: boolean;
  readonly isBlank: boolean;
  /** Begins with the label of another section, such as `Education:`; what was said before ends here. */
  readonly opensOwnSection: boolean;
  readonly section: Section;
};

/** A sentence, list item or line: what a quote is taken from. It never crosses a page. */
export type Statement = {
  readonly page: number;
  /** Verbatim but for whitespace, which is folded. */
  readonly text: string;
  readonly section: Section;
  /** Index of its first line. */
  readonly line: number;
  readonly isHeading: boolean;
  readonly tokens: readonly Token[];
  /** For each token, whether it is said to be absent, wished for or planned. */
  readonly negated: readonly boolean[];
};

export type CandidateDocument = {
  readonly lines: readonly Line[];
  readonly statements: readonly Statement[];
};

const PAGE = /^\[page (\d{1,5})\]\s*$/;
const BULLET = /^\s*(?:[-–—*•▪◦●‣○■□➢➤✓✔·]|\d{1,2}[.)](?=\s)|[a-z]\)(?=\s))\s*/u;
/** Shorter than this, a line that ends without a stop ended because the writer ended it. */
const WRAPPED_LINE_LETTERS = 60;
/** A statement longer than this is read in pieces, so that one lost stop cannot make a page of it. */
const LONGEST_STATEMENT_LINES = 8;
const LONGEST_STATEMENT = 1_000;

/** Text addressed to whoever reads the document is data, and never evidence of anything either. */
const INSTRUCTION =
  /\b(?:ignore|disregard|forget|abaikan|lupakan)\b.{0,40}\b(?:instructions?|prompts?|rules|instruksi|perintah|aturan)\b|\b(?:give|assign|award|rate|score|grade|beri|berikan|berilah)\b.{0,40}\b(?:this|these|me|ini|saya)\b.{0,40}\b[1-5]\b|\b(?:beri|berikan|berilah)\s(?:nilai|skor)\s[1-5]\b|\b(?:give|score|rate)\s(?:the\s)?(?:candidate|applicant|project|report)\b.{0,40}\b[1-5]\b/i;

export function isInstruction(text: string): boolean {
  return INSTRUCTION.test(text);
}

export function readDocument(text: string): CandidateDocument {
  const lines = readLines(text);
  return { lines, statements: readStatements(lines) };
}

function readLines(text: string): Line[] {
  const lines: Line[] = [];
  let page = 1;
  let section: Section = 'none';
  const writtenLines = text.split(/\r\n|\r|\n/);
  for (const [index, written] of writtenLines.entries()) {
    const pageMark = PAGE.exec(written);
    if (pageMark !== null) {
      page = Number(pageMark[1]);
      continue;
    }
    const heading = headingOf(written, section, writtenLines[index + 1] ?? '');
    if (heading !== undefined) section = heading;
    const isBullet = heading === undefined && BULLET.test(written);
    const textOfLine = foldWhitespace(isBullet ? written.replace(BULLET, '') : written);
    const label = sectionOfLabel(textOfLine);
    lines.push({
      page,
      text: textOfLine,
      isBullet,
      isHeading: heading !== undefined,
      isBlank: textOfLine === '',
      opensOwnSection:
        heading === undefined && label !== undefined && !STACK_LABEL.test(textOfLine),
      section: heading ?? label ?? section,
    });
  }
  return lines;
}

/** The label of what one piece of work was made with; it belongs to that work. */
const STACK_LABEL = /^(?:tech|stack|tools|technolog|teknologi)/i;

/** In these, a line in capitals or with a number is a job title or an item, not a heading. */
const SECTIONS_WITH_TITLES = new Set<Section>(['experience', 'projects', 'organisation', 'none']);

function headingOf(line: string, current: Section, next: string): Section | undefined {
  const heading = sectionOfHeading(line);
  if (heading !== 'other') {
    if (heading === undefined && current === 'planned' && opensParagraph(line, next))
      return 'other';
    return heading;
  }
  if (SECTIONS_WITH_TITLES.has(current)) return undefined;
  return current === 'planned' ? 'other' : current;
}

/** A short line over a long one, which ends a list of plans that has no marked heading after it. */
function opensParagraph(line: string, next: string): boolean {
  const trimmed = line.trim();
  return /^\p{Lu}[^.,;:!?]{2,48}$/u.test(trimmed) && next.trim().length >= WRAPPED_LINE_LETTERS;
}

function readStatements(lines: readonly Line[]): Statement[] {
  const statements: Statement[] = [];
  const longest = longestInBlock(lines);
  for (let first = 0; first < lines.length;) {
    const opening = lines[first];
    if (opening === undefined || opening.isBlank) {
      first += 1;
      continue;
    }
    let next = first + 1;
    const parts = [opening.text];
    while (
      next - first < LONGEST_STATEMENT_LINES &&
      continues(lines[next - 1], lines[next], longest[next] ?? 0)
    ) {
      parts.push(lines[next]?.text ?? '');
      next += 1;
    }
    for (const sentence of splitSentences(parts.join(' '))) {
      if (isInstruction(sentence)) continue;
      const tokens = tokenise(sentence);
      if (tokens.length === 0) continue;
      statements.push({
        page: opening.page,
        text: sentence,
        section: opening.section,
        line: first,
        isHeading: opening.isHeading,
        tokens,
        negated: opening.section === 'planned' ? tokens.map(() => true) : negatedTokens(tokens),
      });
    }
    first = next;
  }
  return statements;
}

/** For each line the length of the longest one between the same two blank lines. */
function longestInBlock(lines: readonly Line[]): number[] {
  const longest: number[] = [];
  for (let first = 0; first < lines.length; first = longest.length) {
    let end = first;
    let most = 0;
    while (end < lines.length && (end === first || lines[end]?.isBlank === false)) {
      most = Math.max(most, lines[end]?.text.length ?? 0);
      end += 1;
    }
    while (longest.length < end) longest.push(most);
  }
  return longest;
}

/**
 * A deed at the start of a line, written large, opens an item of a list: its bullet may be a drawing
 * that no text shows, and its writer may use no full stops.
 */
const OPENS_ITEM =
  /^(?!United|Limited|Certified|Advanced|Distributed|Applied|Embedded|Managed\s(?:Services|Kubernetes)|Media|Merdeka|Medan|Dinas)(?:\p{Lu}\p{Ll}{2,}ed|Led|Built|Cut|Wrote|Ran|Set|Grew|Won|Made|Took|Kept|Taught|Drove|Sped|Rewrote|Oversaw|Me[mn]?\p{Ll}{4,}|Ber(?:kolaborasi|koordinasi|tanggung|hasil|kontribusi))\s/u;

/** Letters differ in width: a line this much shorter than the longest had room for a word more. */
const ROOM_SHARE = 0.85;

/** Whether `line` goes on with the sentence of `previous`: the text of a PDF breaks mid-sentence. */
function continues(previous: Line | undefined, line: Line | undefined, longest: number): boolean {
  if (previous === undefined || line === undefined) return false;
  if (line.isBlank || line.isBullet || line.isHeading || previous.isHeading) return false;
  if (line.page !== previous.page) return false;
  if (/[.!?:]$/.test(previous.text) && !/\b(?:e\.g|i\.e|PT|CV|vs)\.$/.test(previous.text)) {
    return false;
  }
  if (
    /^\p{Ll}/u.test(line.text) ||
    /(?:[,&/-]|\b(?:and|or|the|of|with|to|for|in|a|dan|atau|yang|dengan|untuk|di|ke))$/i.test(
      previous.text,
    )
  ) {
    return true;
  }
  if (/^[\p{L} ]{2,30}:/u.test(line.text) || /\b(?:19|20)\d{2}\s?[-–—]/.test(line.text))
    return false;
  if (previous.text.length < WRAPPED_LINE_LETTERS || OPENS_ITEM.test(line.text)) return false;
  // Where the next word had room and was not put there, the writer began anew.
  const nextWord = line.text.split(' ', 1)[0] ?? '';
  return previous.text.length + 1 + nextWord.length > ROOM_SHARE * longest;
}

const ABBREVIATION =
  /\b(?:PT|CV|Tbk|Jl|No|Dr|Ir|Mr|Mrs|Ms|St|Inc|Ltd|e\.g|i\.e|s\.d|dll|dsb|vs|approx|etc|a\.n|S\.Kom|Jan|Feb|Mar|Apr|Jun|Jul|Agu|Ags|Aug|Sep|Sept|Okt|Oct|Nov|Des|Dec)\.$/i;

function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of text.matchAll(/[.!?]\s+(?=[\p{Lu}\d"'“(`])/gu)) {
    const end = match.index + 1;
    if (ABBREVIATION.test(text.slice(Math.max(start, end - 12), end))) continue;
    sentences.push(text.slice(start, end).trim());
    start = match.index + match[0].length;
  }
  sentences.push(text.slice(start).trim());
  return sentences.flatMap(inPieces).filter((sentence) => sentence !== '');
}

/** A text without any stop is read in pieces, so that the work stays linear in its length. */
function inPieces(sentence: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (sentence.length - start > LONGEST_STATEMENT) {
    const space = sentence.lastIndexOf(' ', start + LONGEST_STATEMENT);
    const end = space > start ? space : start + LONGEST_STATEMENT;
    pieces.push(sentence.slice(start, end).trim());
    start = end;
  }
  return [...pieces, sentence.slice(start).trim()];
}
