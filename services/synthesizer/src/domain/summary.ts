import { z } from 'zod';

export const SummaryAnswer = z.object({ overall_summary: z.string().trim().min(1) });
export type SummaryAnswer = z.infer<typeof SummaryAnswer>;

const MIN_SENTENCES = 3;
const MAX_SENTENCES = 5;

/** What is wrong with a summary, in words that the model is asked again with. */
export function summaryProblems({ overall_summary }: SummaryAnswer): string[] {
  const segments = [
    ...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(overall_summary),
  ];
  const sentences = segments.filter(({ segment }) => /\p{L}/u.test(segment)).length;
  if (sentences >= MIN_SENTENCES && sentences <= MAX_SENTENCES) return [];
  return [
    `overall_summary: ${sentences} sentences; it must have ${MIN_SENTENCES} to ${MAX_SENTENCES}.`,
  ];
}
