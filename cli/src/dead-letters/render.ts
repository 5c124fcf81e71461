import type { DeadLetterDetail, DeadLetterSummary, RedriveResponse } from '@berkas/contracts';
import Table from 'cli-table3';
import pc from 'picocolors';

const MIN_WIDTH = 100;
const MAX_WIDTH = 140;
const ID_WIDTH = 29;
const ABOUT_WIDTH = 31;
const TRIES_WIDTH = 7;
const AGE_WIDTH = 8;
const BORDERS = 6;

/** Dead letters as people read them in a terminal of so many columns, the oldest first. */
export function renderList(
  letters: readonly DeadLetterSummary[],
  { columns, nowMs }: { columns: number; nowMs: number },
): string {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns));
  const codeWidth = width - ID_WIDTH - ABOUT_WIDTH - TRIES_WIDTH - AGE_WIDTH - BORDERS;
  const rows = new Table({
    head: ['Id and group', 'Event and what it is about', 'Code', 'Tries', 'Age'],
    colWidths: [ID_WIDTH, ABOUT_WIDTH, codeWidth, TRIES_WIDTH, AGE_WIDTH],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
  });
  const oldestFirst = [...letters].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  for (const letter of oldestFirst) {
    rows.push([
      `${letter.id}\n${printable(letter.group)}`,
      `${printable(letter.type ?? letter.topic)}\n${aboutOf(letter)}`,
      printable(letter.code),
      String(letter.attempts),
      ageOf(letter.at, nowMs),
    ]);
  }
  return rows.toString();
}

const aboutOf = ({ evaluationId, documentId }: DeadLetterSummary): string =>
  evaluationId ?? documentId ?? '';

const NAME_WIDTH = 10;

/** One dead letter with all that is known of it. */
export function renderLetter(letter: DeadLetterDetail, { nowMs }: { nowMs: number }): string {
  const { evaluationId, documentId, stack, unannounced, decidedAt } = letter;
  const facts: [string, string | undefined][] = [
    ['Group', letter.group],
    ['Event', letter.type],
    ['Stood at', `${letter.topic}, partition ${letter.partition}, offset ${letter.offset}`],
    ['Key', letter.key],
    ['About', evaluationId ?? documentId],
    ['Tries', String(letter.attempts)],
    ['Given up', `${letter.at} (${ageOf(letter.at, nowMs)} ago)`],
    ['Decided', decidedAt],
    ['Code', letter.code],
    ['Reason', letter.reason],
    ['Not told', unannounced && `the stage's own topic could not be written: ${unannounced}`],
  ];
  const headers = Object.entries(letter.headers).map(([name, value]) => `  ${name}: ${value}`);
  return [
    `${pc.bold(letter.id)}  ${pc.bold(letter.state)}`,
    ...facts.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [`${name.padEnd(NAME_WIDTH)}${printable(value)}`],
    ),
    ...section('Stack', stack === undefined ? [] : stack.split('\n')),
    ...section('Headers', headers),
    ...section('Event', eventLines(letter.event)),
  ].join('\n');
}

const section = (name: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', pc.bold(name), ...lines.map(printable)];

const eventLines = (event: unknown): string[] =>
  typeof event === 'string'
    ? ['  no JSON; in base64:', event]
    : JSON.stringify(event, null, 2).split('\n');

/** What was done with one, in a line. */
export function describeDone(done: RedriveResponse, asked: 'redrive' | 'drop'): string {
  switch (done.action) {
    case 'evaluation_reopened':
      return `${done.id} redriven: ${done.evaluation_id ?? 'its evaluation'} goes again (round ${done.round ?? 0})`;
    case 'event_published_again':
      return `${done.id} redriven: its event is published again for its group`;
    case 'dropped':
      return asked === 'drop'
        ? `${done.id} dropped`
        : `${done.id} dropped: its evaluation completed in between, nothing is left to do`;
  }
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** Such as "3 h"; the largest unit alone. */
export function ageOf(at: string, nowMs: number): string {
  const ageMs = Math.max(0, nowMs - Date.parse(at));
  const [unit, unitMs] = UNITS.find(([, ms]) => ageMs >= ms) ?? ['s', 1_000];
  return `${Math.floor(ageMs / unitMs)} ${unit}`;
}

/** What came from an event may hold anything, and a terminal obeys control characters. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '\uFFFD');
