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

export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, value, aim }) => `| ${what} | ${value} | ${aim ?? ''} |`);
  return ['| figure | measured | aim |', '| --- | --- | --- |', ...rows].join('\n');
}
