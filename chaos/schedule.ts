import type { Chance } from './random.ts';

export type FaultKind =
  | 'kill'
  | 'pause'
  | 'terminate'
  | 'model-errors'
  | 'model-away'
  | 'latency'
  | 'bandwidth'
  | 'cut'
  | 'half-open';

/** One way to break one thing. */
export type FaultChoice = {
  readonly kind: FaultKind;
  readonly target: string;
  /** Never two faults of one group at once: a cluster of three brokers bears the loss of one. */
  readonly group: string;
  /** Seconds, the shortest and the longest. */
  readonly lasts: readonly [number, number];
};

export type PlannedFault = Omit<FaultChoice, 'lasts'> & {
  /** Milliseconds after the start. */
  readonly atMs: number;
  readonly lastsMs: number;
};

/** The first fault waits until there is something to break. */
const BEGINS_AT = 0.04;
/** The last ones are over before the load is. */
const ENDS_AT = 0.95;

/**
 * So many faults over so much time. Every choice has its turn before one comes again. The same chance
 * gives the same schedule. Where a group has no room left a fault is left out: fewer may come back.
 */
export function planFaults(options: {
  readonly chance: Chance;
  readonly choices: readonly FaultChoice[];
  readonly count: number;
  readonly withinMs: number;
}): PlannedFault[] {
  const { chance, choices, count, withinMs } = options;
  if (choices.length === 0) return [];
  const planned: PlannedFault[] = [];
  let turn: FaultChoice[] = [];
  const stepMs = (withinMs * (ENDS_AT - BEGINS_AT)) / Math.max(1, count);
  for (let index = 0; index < count; index += 1) {
    if (turn.length === 0) turn = chance.shuffled(choices);
    const atMs = Math.round(withinMs * BEGINS_AT + stepMs * (index + chance.next()));
    const isFree = ({ group }: FaultChoice): boolean =>
      planned.every(
        (fault) => fault.group !== group || fault.atMs + fault.lastsMs + REST_MS < atMs,
      );
    const choice = turn.find(isFree);
    if (choice === undefined) continue;
    turn.splice(turn.indexOf(choice), 1);
    const { kind, target, group, lasts } = choice;
    const lastsMs = Math.round(chance.between(...lasts) * 1000);
    planned.push({ kind, target, group, atMs, lastsMs });
  }
  return planned;
}

/** What was broken gets up before it is broken again. */
const REST_MS = 2_000;
