import { describeFailure, type EvaluationClosed } from '@berkas/contracts';
import { canonicalJson } from '@berkas/service-kit';
import { referencesIn } from '../applications.ts';
import type { Kept, Told } from '../books.ts';
import type { Accepted } from '../load.ts';
import { comparable } from '../results.ts';

type Last = ReturnType<Told['last']['get']>;

/**
 * What `GET /result` answers is what the event and the stored result say, and what the same
 * application came to when nothing was broken. `references`: the comparable result of each base.
 */
export function checkResults(
  { accepted, last }: Pick<Told, 'accepted' | 'last'>,
  kept: Pick<Kept, 'closed' | 'results'>,
  references: ReadonlyMap<number, string>,
): string[] {
  return accepted.flatMap((application) => {
    const { id } = application;
    const event = kept.closed.get(id)?.at(-1);
    const answer = last.get(id);
    return [
      ...againstExpected(application, answer, references),
      ...againstKept(answer, event, kept.results.get(id)),
    ].map((problem) => `${id} (${application.reference}): ${problem}`);
  });
}

function againstExpected(
  { expected, reference }: Accepted,
  answer: Last,
  references: ReadonlyMap<number, string>,
): string[] {
  if (answer?.status === 'failed') {
    const { code, document_kind: kind } = answer.error;
    if (expected.outcome === 'completed') return [`failed as ${code}, and should be completed`];
    const isRight = code === expected.code && kind === 'cv';
    return isRight
      ? []
      : [`failed as ${code} of ${String(kind)}, not as ${expected.code} of the cv`];
  }
  if (answer?.status !== 'completed') return [];
  if (expected.outcome === 'failed') return [`completed, and should fail as ${expected.code}`];
  const { result } = answer;
  const texts = [result.cv_feedback, result.project_feedback, result.overall_summary];
  const others = texts.filter((text) => referencesIn(text).join() !== reference);
  return [
    ...others.map((text) => `speaks of ${referencesIn(text).join(' and ') || 'no reference'}`),
    ...(comparable(result) === references.get(expected.base)
      ? []
      : [`not the result that base ${expected.base} had undisturbed`]),
  ];
}

function againstKept(answer: Last, event: EvaluationClosed | undefined, stored: unknown): string[] {
  if (answer?.status === 'completed') {
    const { result } = answer;
    const totals = [result.cv_match_rate, result.project_score];
    const isSaid =
      event?.outcome === 'completed' &&
      totals.join() === [event.cvMatchRate, event.projectScore].join();
    return [
      ...(isSaid ? [] : ['the event does not say what the result does']),
      ...(canonicalJson(stored ?? null) === canonicalJson(result)
        ? []
        : ['the stored result is not what is told']),
    ];
  }
  if (answer?.status !== 'failed') return [];
  const { reason, ...failure } = answer.error;
  const isSaid =
    event?.outcome === 'failed' && canonicalJson(event.failure) === canonicalJson(failure);
  return [
    ...(isSaid ? [] : ['the event does not say why it failed as the answer does']),
    ...(reason === describeFailure(failure) ? [] : ['the reason is not that of its code']),
  ];
}
