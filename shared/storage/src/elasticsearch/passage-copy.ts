import type { Client } from '@elastic/elasticsearch';
import { assertPassages, assertVectorLength } from '../passage-rules.ts';
import type { Passage } from '../search-index.ts';
import { writeInBulk } from './bulk-request.ts';
import type { Ask } from './elasticsearch-call.ts';
import { toPassageRecord, type PassageRecord } from './passage-index.ts';
import { createPassageReader, type StoredPassage } from './passage-reader.ts';

export type Embed = (texts: readonly string[]) => Promise<readonly (readonly number[])[]>;

/** How many of the former index's passages are in the new one, and how many there are to be. */
export type CopyProgress = { readonly copied: number; readonly total: number };

export type PassageCopy = {
  /** Names of indexes, not aliases. */
  readonly from: string;
  readonly into: string;
  /** Length of the vectors that `embed` gives. */
  readonly dimensions: number;
  readonly embed: Embed;
  readonly onProgress: (progress: CopyProgress) => void;
};

const PASSAGES_PER_EMBEDDING = 64;
/** The first copies, the others what was written meanwhile. */
const MAX_PASSES = 3;

/**
 * Copies passages from index to index, embedded anew, and answers how many. It can be repeated
 * after an interruption, and runs beside others: what is there already is neither embedded nor
 * written again. All that it copied can be found when it resolves.
 *
 * What is deleted while it is copied does not come back. A deletion removes from the former index,
 * then refreshes and looks in every index (`deleteSource`); a copy is written first, then looked
 * for in the former index. Whichever is later sees the other. What an interrupted copy could not
 * look for any more is looked for at the end of the next one.
 */
export async function copyPassages(ask: Ask, client: Client, copy: PassageCopy): Promise<number> {
  const { from, into, onProgress } = copy;
  const reader = createPassageReader(ask, client);

  async function removeGone(passages: readonly StoredPassage[]): Promise<void> {
    const held = await reader.lookUp(from, idsOf(passages));
    const operations = passages
      .filter(({ id }) => !held.has(id))
      .map(({ id }) => ({ delete: { _index: into, _id: id } }));
    if (operations.length > 0) await writeInBulk(ask, client, 'delete passages', { operations });
  }

  async function copyBatch(batch: readonly StoredPassage[]): Promise<void> {
    const records = await embedAnew(batch, copy);
    const operations = records.flatMap((record, place) => [
      { index: { _index: into, _id: batch[place]?.id ?? '' } },
      record,
    ]);
    await writeInBulk(ask, client, 'copy passages', { operations });
    await removeGone(batch);
  }

  async function copyMissing(onPage: (passages: number) => void): Promise<number> {
    let copied = 0;
    for await (const page of reader.pagesOf(from, [])) {
      const held = await reader.lookUp(into, idsOf(page));
      const missing = page.filter(({ id, passage }) => held.get(id) !== passage);
      for (let start = 0; start < missing.length; start += PASSAGES_PER_EMBEDDING) {
        const batch = missing.slice(start, start + PASSAGES_PER_EMBEDDING);
        await copyBatch(batch);
        copied += batch.length;
      }
      onPage(page.length);
    }
    return copied;
  }

  for (const index of [from, into]) await untilSearchable(ask, client, index);
  const total = await reader.count(from);
  let done = 0;
  let copied = await copyMissing((passages) => {
    done += passages;
    onProgress({ copied: done, total: Math.max(total, done) });
  });
  for (let pass = 2, added = copied; added > 0 && pass <= MAX_PASSES; pass += 1) {
    added = await copyMissing(() => undefined);
    copied += added;
  }
  for await (const page of reader.pagesOf(into, [{ term: { copiedFrom: from } }])) {
    await removeGone(page);
  }
  await reader.refresh(into);
  return copied;
}

const idsOf = (passages: readonly StoredPassage[]): string[] => passages.map(({ id }) => id);

async function embedAnew(
  batch: readonly StoredPassage[],
  { from, embed, dimensions }: PassageCopy,
): Promise<PassageRecord[]> {
  const passages = batch.map(({ passage }) => JSON.parse(passage) as Passage);
  const vectors = await embed(passages.map(({ text }) => text));
  return passages.map((passage, place) => {
    const indexed = { ...passage, vector: vectors[place] ?? [] };
    assertPassages(passage, [indexed]);
    assertVectorLength(indexed.vector, dimensions);
    return { ...toPassageRecord(indexed), copiedFrom: from };
  });
}

/** An index can be there, but its shard not yet: just made by another set-up, or a server starts. */
async function untilSearchable(ask: Ask, client: Client, index: string): Promise<void> {
  await ask('wait for the search index', (options) =>
    // Not for `yellow`, which a new index is before it has a shard.
    client.cluster.health({ index, wait_for_active_shards: 1 }, options),
  );
}
