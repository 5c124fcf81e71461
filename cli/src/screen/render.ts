import type { EvaluationResult, ParameterScore } from '@berkas/contracts';
import Table from 'cli-table3';
import pc from 'picocolors';

const MIN_WIDTH = 60;
const MAX_WIDTH = 120;
const LABEL_WIDTH = 24;
const SCORE_WIDTH = 9;
const BORDERS = 4;

/** A result as people read it in a terminal of so many columns. */
export function renderResult(result: EvaluationResult, columns: number): string {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns));
  return [
    heading('CV match rate', `${result.cv_match_rate.toFixed(2)} of 1`),
    table(result.cv.parameters, width),
    wrap(result.cv_feedback, width),
    '',
    heading('Project score', `${result.project_score.toFixed(2)} of 5`),
    table(result.project.parameters, width),
    wrap(result.project_feedback, width),
    '',
    pc.bold('Summary'),
    wrap(result.overall_summary, width),
    '',
    ...flags(result, width),
    wrap(`Scored by ${result.receipt.model}.${offlineNote(result.receipt.model)}`, width),
  ].join('\n');
}

export const isOfflineModel = (model: string): boolean => model.startsWith('offline-');

const offlineNote = (model: string): string =>
  isOfflineModel(model)
    ? ' That is a set of rules and not a language model: good enough to try Berkas and to test it, not to decide about a person. Set OPENAI_API_KEY or OPENAI_BASE_URL for a real one.'
    : '';

const heading = (name: string, value: string): string => `${pc.bold(name)}  ${pc.bold(value)}`;

function table(parameters: readonly ParameterScore[], width: number): string {
  const reasonWidth = width - LABEL_WIDTH - SCORE_WIDTH - BORDERS;
  const rows = new Table({
    head: ['Parameter', 'Score', 'Reason and evidence'],
    colWidths: [LABEL_WIDTH, SCORE_WIDTH, reasonWidth],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { label, weight, score, reason, evidence } of parameters) {
    const quotes = evidence.map(({ quote, page }) => `“${quote}” (page ${page})`);
    rows.push([
      `${label}\n${Math.round(weight * 100)} %`,
      `${score} of 5`,
      [reason, ...quotes].join('\n'),
    ]);
  }
  return rows.toString();
}

function flags({ flags: raised, needs_review }: EvaluationResult, width: number): string[] {
  if (raised.length === 0 && !needs_review) return [];
  const lines = raised.map(({ message }) => wrap(`- ${message}`, width));
  return [pc.bold('To be looked at by a person'), ...lines, ''];
}

function wrap(text: string, width: number): string {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    const joined = last === '' ? word : `${last} ${word}`;
    if (joined.length <= width) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines.join('\n');
}
