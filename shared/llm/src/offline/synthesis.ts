import { z } from 'zod';

import { listInWords } from './text.ts';

const parameterSchema = z.object({
  id: z.string(),
  label: z.string().default(''),
  score: z.number(),
  reason: z.string().default(''),
});

/** The `evaluations` part of a synthesis prompt. */
export const evaluationsSchema = z.object({
  cv: z.object({
    match_rate: z.number(),
    parameters: z.array(parameterSchema),
    feedback: z.string().default(''),
  }),
  project: z.object({
    score: z.number(),
    parameters: z.array(parameterSchema),
    feedback: z.string().default(''),
  }),
});

export type Evaluations = z.infer<typeof evaluationsSchema>;
type Parameter = z.infer<typeof parameterSchema>;

const STRONG = 4;
const WEAK = 2;
const MOST_NAMED = 3;

/** Four or five sentences: both results, strengths, gaps, and a recommendation that follows them. */
export function summarise(jobTitle: string, evaluations: Evaluations): { overall_summary: string } {
  const { cv, project } = evaluations;
  const all = [
    ...cv.parameters.map((parameter) => ({ parameter, of: 'CV' })),
    ...project.parameters.map((parameter) => ({ parameter, of: 'project' })),
  ];
  const title = jobTitle.replace(/\s+/g, ' ').trim();
  return {
    overall_summary: [
      `For ${title === '' ? 'the job' : title}, the CV matches at ${cv.match_rate.toFixed(2)} of 1 and the project report scores ${project.score.toFixed(2)} of 5.`,
      strengthsOf(all),
      ...consistencyOf(cv.match_rate * 5, project.score),
      gapsOf(all),
      recommend(cv.match_rate * 5, project.score, all),
    ].join(' '),
  };
}

type Placed = { readonly parameter: Parameter; readonly of: string };

function strengthsOf(all: readonly Placed[]): string {
  const strong = all
    .filter(({ parameter }) => parameter.score >= STRONG)
    .sort((one, other) => other.parameter.score - one.parameter.score);
  if (strong.length > 0) return `Strengths are ${named(strong)}.`;
  const best = [...all].sort((one, other) => other.parameter.score - one.parameter.score)[0];
  return best === undefined || best.parameter.score < 3
    ? 'Nothing in the two documents stands out as a strength.'
    : `The strongest point is ${named([best])}, which is fair rather than strong.`;
}

function gapsOf(all: readonly Placed[]): string {
  const weak = all
    .filter(({ parameter }) => parameter.score <= WEAK)
    .sort((one, other) => one.parameter.score - other.parameter.score);
  if (weak.length > 0) return `Gaps are ${named(weak)}.`;
  const least = [...all].sort((one, other) => one.parameter.score - other.parameter.score)[0];
  return least === undefined || least.parameter.score >= 5
    ? 'No gap shows in either document.'
    : `No parameter is weak; the lowest is ${named([least])}.`;
}

function named(placed: readonly Placed[]): string {
  const names = placed
    .slice(0, MOST_NAMED)
    .map(({ parameter, of }) => `${nameOf(parameter)} (${of}, ${parameter.score})`);
  const rest = placed.length - names.length;
  return listInWords(rest > 0 ? [...names, `${rest} more`] : names);
}

function nameOf({ label, id }: Parameter): string {
  const name = label === '' ? id.replace(/_/g, ' ') : label;
  return name.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
}

const FAR_APART = 1.5;

/** Said when one document promises much more than the other. */
function consistencyOf(cvScore: number, projectScore: number): string[] {
  if (cvScore - projectScore >= FAR_APART)
    return ['The project falls well short of what the CV suggests.'];
  if (projectScore - cvScore >= FAR_APART) return ['The project shows more than the CV does.'];
  return [];
}

function recommend(cvScore: number, projectScore: number, all: readonly Placed[]): string {
  const both = (cvScore + projectScore) / 2;
  const lowest = Math.min(cvScore, projectScore);
  const weakest = [...all].sort((one, other) => one.parameter.score - other.parameter.score)[0];
  const topic =
    weakest === undefined || weakest.parameter.score >= STRONG
      ? ''
      : `, asking about ${nameOf(weakest.parameter)}`;
  if (both >= 4.2 && lowest >= 3.5) return `Recommendation: invite to an interview${topic}.`;
  if (both >= 3.4 && lowest >= 2.5) return `Recommendation: invite to a first interview${topic}.`;
  if (both >= 2.5) return `Recommendation: consider if stronger candidates are few${topic}.`;
  return 'Recommendation: do not proceed for this job.';
}
