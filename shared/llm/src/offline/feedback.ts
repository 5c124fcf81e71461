import type { RubricParameter } from './rubric.ts';
import { listInWords } from './text.ts';
import type { Verdict } from './verdict.ts';

type Scored = { readonly parameter: RubricParameter; readonly verdict: Verdict };

const STRONG = 4;
const WEAK = 2;

/** Two to four sentences: strengths, the middle, gaps, what would help most. */
export function writeFeedback(scores: 'cv' | 'project', scored: readonly Scored[]): string {
  const subject = scores === 'cv' ? 'CV' : 'project report';
  const named = (of: readonly Scored[]): string =>
    listInWords(of.map(({ parameter, verdict }) => `${nameOf(parameter)} (${verdict.score})`));
  const strong = scored.filter(({ verdict }) => verdict.score >= STRONG);
  const weak = scored.filter(({ verdict }) => verdict.score <= WEAK);
  const middle = scored.filter(({ verdict }) => verdict.score === 3);
  return [
    strong.length > 0
      ? `The ${subject} is strong in ${named(strong)}.`
      : `The ${subject} has no parameter above 3.`,
    ...(middle.length > 0 ? [`It is fair in ${named(middle)}.`] : []),
    weak.length > 0 ? `Gaps: ${named(weak)}.` : 'No parameter falls below 3.',
    ...adviceFor(scored),
  ].join(' ');
}

function nameOf({ label, id }: RubricParameter): string {
  return (label === '' ? id.replace(/_/g, ' ') : label).replace(/^\p{Lu}(?=\p{Ll})/u, (letter) =>
    letter.toLowerCase(),
  );
}

/** About the parameter that costs most: the largest weight times what is missing to 5. */
function adviceFor(scored: readonly Scored[]): string[] {
  let worst: Scored | undefined;
  let cost = 0;
  for (const one of scored) {
    const costOfOne = one.parameter.weight * (5 - one.verdict.score);
    if (costOfOne > cost) [worst, cost] = [one, costOfOne];
  }
  if (worst === undefined) return [];
  return [`Most would be gained in ${nameOf(worst.parameter)}.`];
}
