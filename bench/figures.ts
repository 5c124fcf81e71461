export type Figure = { what: string; value: string; aim?: string };

export const MEBIBYTE = 1024 * 1024;

/** Linear interpolation between closest ranks; `share` from 0 to 1. At least one value. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const milliseconds = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
export const mebibytes = (bytes: number): string => `${(bytes / MEBIBYTE).toFixed(0)} MiB`;

/** A table with a column for each system; all have the same figures, in the same order. */
export function sideBySide(
  columns: readonly { name: string; figures: readonly Figure[] }[],
): string {
  const [first] = columns;
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const header = ['figure', ...columns.map(({ name }) => name), 'aim'];
  const rows = (first?.figures ?? []).map(({ what, aim }, index) =>
    row([what, ...columns.map(({ figures }) => figures[index]?.value ?? ''), aim ?? '']),
  );
  return [row(header), row(header.map(() => '---')), ...rows].join('\n');
}
