import { blobKeys, LIVE_RUN } from '@berkas/contracts';
import type { Kept, Told } from '../books.ts';

type StoresKept = Pick<
  Kept,
  'blobKeys' | 'closed' | 'ingested' | 'passages' | 'results' | 'ledger' | 'deadLetters'
>;

/** Blobs, index, ledger and dead letters: all that should be there is, and what should not is not. */
export function checkStores(told: Pick<Told, 'accepted'>, kept: StoresKept): string[] {
  return [
    ...checkBlobs(told, kept),
    ...checkIndex(told, kept),
    ...checkLedger(kept),
    ...kept.deadLetters.map(({ group, about }) => `a dead letter of ${group}: ${about}`),
  ];
}

const partKeys = (id: string): string[] => [
  blobKeys.partResult(id, LIVE_RUN, 'cv'),
  blobKeys.partResult(id, LIVE_RUN, 'project'),
];

export function checkBlobs(
  { accepted }: Pick<Told, 'accepted'>,
  kept: Pick<Kept, 'blobKeys' | 'closed' | 'ingested'>,
): string[] {
  const isCompleted = (id: string): boolean => kept.closed.get(id)?.at(-1)?.outcome === 'completed';
  const completed = accepted.map(({ id }) => id).filter(isCompleted);
  const results = completed.map((id) => blobKeys.result(id, LIVE_RUN));
  const documents = accepted.flatMap(({ cvId, projectReportId }) => [cvId, projectReportId]);
  const read = documents.filter((id) => kept.ingested.get(id)?.[0]?.outcome === 'ingested');
  const needed = [
    ...results,
    ...completed.flatMap(partKeys),
    ...documents.map(blobKeys.upload),
    ...read.map(blobKeys.documentText),
  ];
  // One half may have been scored when the other failed.
  const known = new Set([...results, ...accepted.flatMap(({ id }) => partKeys(id))]);
  const unknown = [...kept.blobKeys].filter((key) => key.startsWith('results/') && !known.has(key));
  return [
    ...needed.filter((key) => !kept.blobKeys.has(key)).map((key) => `${key}: is missing`),
    ...unknown.map((key) => `${key}: belongs to nothing that was completed`),
  ];
}

export function checkIndex(
  { accepted }: Pick<Told, 'accepted'>,
  { ingested, passages }: Pick<Kept, 'ingested' | 'passages'>,
): string[] {
  const documents = accepted.flatMap(({ cvId, projectReportId }) => [cvId, projectReportId]);
  return documents.flatMap((id) => {
    const event = ingested.get(id)?.[0];
    if (event === undefined) return [`${id}: accepted, and never read`];
    if (event.outcome === 'rejected') return [];
    const found = passages.get(id) ?? 0;
    if (found === event.passages) return [];
    return [`${id}: ${found} passages in the index, ${event.passages} in the log`];
  });
}

export const checkLedger = ({ results, ledger }: Pick<Kept, 'results' | 'ledger'>): string[] =>
  [...results].flatMap(([id, { receipt }]) =>
    receipt.calls.flatMap(({ stage, request_sha256: hash }) =>
      ledger.has(hash) ? [] : [`${id}: the ledger lacks the call of ${stage}, ${hash}`],
    ),
  );
