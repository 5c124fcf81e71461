/** Linear interpolation between closest ranks; `share` from 0 to 1. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  return below + (above - below) * (position - Math.floor(position));
}

export const median = (values) => quantile(values, 0.5);

export const spread = (values) => ({
  p50: quantile(values, 0.5),
  p95: quantile(values, 0.95),
  p99: quantile(values, 0.99),
});

const MEBIBYTE = 1024 * 1024;
export const residentMib = () => process.memoryUsage().rss / MEBIBYTE;

/** Milliseconds of processor time that the process has used, in user and system. */
export function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const shown = (value) => {
  if (typeof value !== 'number') return String(value);
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
};

/**
 * A table of medians. `rounds` holds one object a round: figures by the name of the client. The last
 * column is the median of the second client's figure over the first's in the same round.
 */
export function tableOf(rounds, names) {
  const [first] = rounds;
  const row = (cells) => `| ${cells.join(' | ')} |`;
  const [base, other] = names;
  const header = ['figure', ...names, `${other} / ${base}`];
  const rows = Object.keys(first[base]).map((figure) => {
    const ofClient = (name) => rounds.map((round) => round[name][figure]);
    const cells = names.map((name) => {
      const values = ofClient(name);
      if (values.every((value) => typeof value === 'number')) return shown(median(values));
      return [...new Set(values)].join(', ');
    });
    const ratios = rounds.map((round) => round[other][figure] / round[base][figure]);
    return row([figure, ...cells, ratios.every(Number.isFinite) ? shown(median(ratios)) : '']);
  });
  return [row(header), row(header.map(() => '---')), ...rows].join('\n');
}
