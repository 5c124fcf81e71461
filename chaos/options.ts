import { parseArgs } from 'node:util';

export type SystemName = 'embedded' | 'stack';

export type Options = {
  /** How many are sent in. */
  readonly evaluations: number;
  /** Decides the schedule of faults; the order of what goes on beside it is the machine's. */
  readonly seed: number;
  /** How long the load and the faults take, without the start and the end. */
  readonly minutes: number;
  readonly on: readonly SystemName[];
  /** How many faults; none given: one for every six seconds. */
  readonly faults: number;
  /** Where the account is written as JSON. */
  readonly json: string | undefined;
};

export class UsageError extends Error {}

export const USAGE = `npm run chaos -- [--evaluations N] [--seed S] [--minutes M] [--on embedded|stack|both] [--faults F] [--json FILE]

Sends N evaluations (20) into a fresh installation for M minutes (1), breaks it F times meanwhile by
the schedule that S (1) makes, waits until everything accepted is closed, and checks the books.
Exit status: 0 the books agree, 1 they do not, 2 asked for wrongly.`;

const SECONDS_A_FAULT = 6;
const SYSTEMS = new Map<string, readonly SystemName[]>([
  ['embedded', ['embedded']],
  ['stack', ['stack']],
  ['both', ['embedded', 'stack']],
]);

/** Throws a `UsageError` that names what is wrong. `undefined`: only help was asked for. */
export function readOptions(parameters: readonly string[]): Options | undefined {
  const given = parse(parameters);
  if (given.help === true) return undefined;
  const minutes = numberOf('minutes', given.minutes ?? '1', { from: 0.1, to: 24 * 60 });
  const on = SYSTEMS.get(given.on ?? 'embedded');
  if (on === undefined) throw new UsageError('--on: embedded, stack or both.');
  const usualFaults = String(Math.ceil((minutes * 60) / SECONDS_A_FAULT));
  return {
    evaluations: integerOf('evaluations', given.evaluations ?? '20', { from: 1, to: 999_999 }),
    seed: integerOf('seed', given.seed ?? '1', { from: 0, to: 2 ** 32 - 1 }),
    minutes,
    on,
    faults: integerOf('faults', given.faults ?? usualFaults, { from: 0, to: 100_000 }),
    json: given.json,
  };
}

function parse(parameters: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...parameters],
      options: {
        evaluations: text,
        seed: text,
        minutes: text,
        on: text,
        faults: text,
        json: text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

type Range = { readonly from: number; readonly to: number };

function numberOf(name: string, text: string, { from, to }: Range): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (number >= from && number <= to) return number;
  throw new UsageError(`--${name}: a number from ${from} to ${to}, not ${JSON.stringify(text)}.`);
}

function integerOf(name: string, text: string, range: Range): number {
  const number = numberOf(name, text, range);
  if (Number.isInteger(number)) return number;
  throw new UsageError(`--${name}: a whole number, not ${JSON.stringify(text)}.`);
}
