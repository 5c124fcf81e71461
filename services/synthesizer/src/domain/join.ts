import {
  roundOf,
  type EvaluationPart,
  type Failure,
  type PreparedEvaluation,
} from '@berkas/contracts';

/**
 * What the synthesizer knows of one evaluation in one run. Joined by (evaluation, run, part), never
 * by counting: the same event a second time changes nothing.
 */
export type Join = {
  /** `<evaluation>:<run>`. */
  readonly id: string;
  readonly evaluationId: string;
  readonly run: string;
  /** The latest round that anything was heard of. */
  readonly round?: number;
  readonly prepared?: Pick<PreparedEvaluation, 'cv' | 'projectReport' | 'knowledge'>;
  readonly scored: readonly EvaluationPart[];
  /**
   * The first failure that arrived in this round, unless it was completed before: either stands,
   * whatever comes. Another round puts a failure away, and never what was completed.
   */
  readonly failure?: Failure;
  readonly completed?: Totals;
};

export type Totals = { readonly cvMatchRate: number; readonly projectScore: number };

export type Fact =
  | { readonly type: 'prepared'; readonly evaluation: PreparedEvaluation }
  | { readonly type: 'scored'; readonly part: EvaluationPart }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'completed'; readonly totals: Totals };

export type Next =
  | { readonly do: 'wait' }
  | { readonly do: 'fail'; readonly failure: Failure }
  | { readonly do: 'complete'; readonly totals: Totals }
  | { readonly do: 'synthesize'; readonly prepared: NonNullable<Join['prepared']> };

export const joinId = (evaluationId: string, run: string): string => `${evaluationId}:${run}`;

const newJoin = (evaluationId: string, run: string): Join => ({
  id: joinId(evaluationId, run),
  evaluationId,
  run,
  scored: [],
});

/**
 * Adds a fact; answers the same object when it is not new. What was prepared and scored in an earlier
 * round is as good as in this one; what failed in an earlier one is not heard any more.
 */
export function join(
  current: Join | undefined,
  about: { evaluationId: string; run: string; round?: number | undefined },
  fact: Fact,
): Join {
  const round = roundOf(about);
  const known = inRound(current ?? newJoin(about.evaluationId, about.run), round);
  switch (fact.type) {
    case 'prepared': {
      if (known.prepared !== undefined) return known;
      const { cv, projectReport, knowledge } = fact.evaluation;
      return { ...known, prepared: { cv, projectReport, knowledge } };
    }
    case 'scored':
      return known.scored.includes(fact.part)
        ? known
        : { ...known, scored: [...known.scored, fact.part].sort() };
    case 'failed':
      return hasEnded(known) || round < roundOf(known)
        ? known
        : { ...known, failure: fact.failure };
    case 'completed':
      return hasEnded(known) ? known : { ...known, completed: fact.totals };
  }
}

function inRound(known: Join, round: number): Join {
  if (round <= roundOf(known)) return known;
  const { failure: _, ...rest } = known;
  return { ...rest, round };
}

const hasEnded = ({ failure, completed }: Join): boolean =>
  failure !== undefined || completed !== undefined;

/** A failure closes at once; otherwise all three facts have to be there. */
export function decideNext(known: Join): Next {
  if (known.failure !== undefined) return { do: 'fail', failure: known.failure };
  if (known.completed !== undefined) return { do: 'complete', totals: known.completed };
  if (known.prepared !== undefined && known.scored.length === 2) {
    return { do: 'synthesize', prepared: known.prepared };
  }
  return { do: 'wait' };
}
