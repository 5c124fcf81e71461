import type { ModelCalls } from './checks/model-calls.ts';
import type { FaultRecord } from './injector.ts';

/** What a run came to, as it is printed and written. */
export type Account = {
  readonly system: string;
  readonly seed: number;
  readonly evaluations: number;
  readonly accepted: number;
  readonly completed: number;
  readonly failed: number;
  /** Requests that clients had to send again. */
  readonly repeats: number;
  readonly seconds: number;
  readonly faults: readonly FaultRecord[];
  /** By what was done to single model calls. */
  readonly modelFaults: Readonly<Record<string, number>>;
  readonly modelCalls: ModelCalls;
  /** Empty where the books agree. */
  readonly differences: readonly string[];
};

const SHOWN = 40;

export function describeAccount(account: Account): string {
  const { modelCalls: calls } = account;
  const differences = counted(account.differences);
  const left = differences.length - SHOWN;
  return [
    `## ${account.system}`,
    '',
    ...faultTable(account.faults),
    '',
    `model calls spoilt: ${listed(account.modelFaults)}`,
    `evaluations: ${account.evaluations} sent, ${account.accepted} accepted, ${account.completed} completed, ${account.failed} failed, in ${account.seconds.toFixed(0)} s; ${account.repeats} requests sent again`,
    ...calls.lost.map(
      ({ about, againAfterMs, during }) =>
        `  answered again after ${againAfterMs} ms: ${about}, ${during.join(' and ') || 'with nothing broken about then'}`,
    ),
    `model calls: ${calls.needed} needed, ${calls.made} made, ${calls.excess} in excess, ${calls.allowed} allowed (under way when something died or hung), ${calls.spoilt} spoilt`,
    '',
    ...differences.slice(0, SHOWN).map((difference) => `- ${difference}`),
    ...(left > 0 ? [`- … and ${left} more`] : []),
    differences.length === 0
      ? 'chaos: the books agree'
      : `chaos: the books do not agree, ${differences.length} differences`,
  ].join('\n');
}

function faultTable(faults: readonly FaultRecord[]): string[] {
  const names = [...new Set(faults.map(({ kind, target }) => `${kind} ${target}`))].sort();
  const rows = names.map((name) => {
    const those = faults.filter(({ kind, target }) => `${kind} ${target}` === name);
    const longestMs = Math.max(...those.map(({ from, to }) => to - from));
    const inFlight = those.reduce((sum, fault) => sum + fault.inFlight, 0);
    return `| ${name} | ${those.length} | ${(longestMs / 1000).toFixed(1)} | ${inFlight} |`;
  });
  return [
    '| fault | times | longest, s | model calls under way |',
    '| --- | --: | --: | --: |',
    ...rows,
    `| all | ${faults.length} | | |`,
  ];
}

/** Each once, with how often it is there. */
function counted(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, count]) => (count === 1 ? line : `${line} (${count} times)`));
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none';
