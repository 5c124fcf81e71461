import type { FaultRecord } from '../injector.ts';
import type { Answers } from '../model-proxy.ts';
import type { FaultKind } from '../schedule.ts';

export type ModelCalls = {
  /** Different requests that were answered: each is paid for once. */
  readonly needed: number;
  /** Whole answers that were passed on. */
  readonly made: number;
  readonly spoilt: number;
  readonly excess: number;
  /** Calls under way when something died or hung, whose answers may have got lost. */
  readonly allowed: number;
  /** Answers that were asked for again, with what had died or hung about when they came. */
  readonly lost: readonly LostAnswer[];
};

type LostAnswer = {
  readonly about: string;
  readonly at: number;
  /** Milliseconds from this answer to the next. */
  readonly againAfterMs: number;
  /** Empty: nothing that explains it. */
  readonly during: readonly string[];
};

/** So long an answer may be on its way into the ledger. */
const STORED_WITHIN_MS = 1_000;
/** So long what died is taken for alive, and its work not done by others. */
const NOTICED_WITHIN_MS = 10_000;

export function countModelCalls(
  answers: ReadonlyMap<string, Answers>,
  faults: readonly FaultRecord[],
): ModelCalls {
  const all = [...answers.values()];
  const made = all.reduce((sum, { wholeAt }) => sum + wholeAt.length, 0);
  const spoilt = all.reduce((sum, one) => sum + one.spoilt, 0);
  const needed = all.filter(({ wholeAt }) => wholeAt.length > 0).length;
  // Every one but the last of a request was of no use.
  const lost = all.flatMap(({ about, wholeAt }) =>
    wholeAt.slice(0, -1).map((at, index) => ({
      about,
      at,
      againAfterMs: (wholeAt[index + 1] ?? at) - at,
      during: faults
        .filter(({ kind }) => !MODELS_OWN.includes(kind))
        .filter(({ from, to }) => from - STORED_WITHIN_MS < at && at < to + NOTICED_WITHIN_MS)
        .map(({ kind, target, from, to }) => `${kind} ${target} (${whenOf(at, from, to)})`),
    })),
  );
  return { needed, made, spoilt, excess: made - needed, allowed: allowedRepeats(faults), lost };
}

function whenOf(at: number, from: number, to: number): string {
  if (at < from) return `${from - at} ms before`;
  return at < to ? `${at - from} ms into it` : `${at - to} ms after`;
}

const MODELS_OWN: readonly FaultKind[] = ['model-errors', 'model-away'];

/**
 * How many answers may have been lost on their way into the ledger: as many calls as were under way
 * when something died or hung. A model that fails loses none: what it spoils has not reached us.
 */
const allowedRepeats = (faults: readonly FaultRecord[]): number =>
  faults.reduce((sum, { kind, inFlight }) => sum + (MODELS_OWN.includes(kind) ? 0 : inFlight), 0);

/** No answer that reached us was paid for again. */
export const checkModelCalls = ({ excess, allowed, lost }: ModelCalls): string[] => [
  ...(excess <= allowed
    ? []
    : [`${excess} model calls were answered again, and only ${allowed} answers can have got lost`]),
  ...lost.flatMap(({ about, during }) =>
    during.length > 0 ? [] : [`${about} was answered again, with nothing broken about then`],
  ),
];
