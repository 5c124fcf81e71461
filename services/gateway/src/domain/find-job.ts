/** A job as people ask for it. */
export type NamedJob = { readonly id: string; readonly title: string };

export type JobSearch<J extends NamedJob> =
  | { readonly found: true; readonly job: J }
  /** Known titles, the nearest first. */
  | { readonly found: false; readonly nearest: readonly string[] };

const MOST_SUGGESTIONS = 3;

/** Titles are the same when they differ in case, spaces or Unicode form only. */
export const normalizeTitle = (title: string): string =>
  title.normalize('NFKC').toLowerCase().replace(/\s+/gu, '');

/** Finds a job by its title or its id; otherwise says which titles are nearest. */
export function findJob<J extends NamedJob>(jobs: readonly J[], asked: string): JobSearch<J> {
  const wanted = normalizeTitle(asked);
  const job = jobs.find(
    (candidate) =>
      normalizeTitle(candidate.title) === wanted || normalizeTitle(candidate.id) === wanted,
  );
  if (job !== undefined) return { found: true, job };
  const nearest = jobs
    .map(({ title }) => ({ title, distance: editDistance(normalizeTitle(title), wanted) }))
    .sort((a, b) => a.distance - b.distance || (a.title < b.title ? -1 : 1))
    .slice(0, MOST_SUGGESTIONS)
    .map(({ title }) => title);
  return { found: false, nearest };
}

/**
 * Single-character insertions, deletions and substitutions that turn one text into the other.
 * Source: Wagner and Fischer, "The String-to-String Correction Problem", 1974, with one row kept.
 */
export function editDistance(a: string, b: string): number {
  const from = Array.from(a);
  const to = Array.from(b);
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of from.entries()) {
    const next = [i + 1];
    for (const [j, other] of to.entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
