import type { Client, estypes } from '@elastic/elasticsearch';
import { StorageError } from '../storage-error.ts';
import type { Ask } from './elasticsearch-call.ts';
import type { PassageRecord } from './passage-index.ts';

/** A passage of an index, as it was read. */
export type StoredPassage = {
  readonly id: string;
  /** As JSON, as it is stored. */
  readonly passage: string;
};

export type PassageReader = {
  /** All that match and were written before it was called, a few hundred at a time. */
  pagesOf(
    index: string,
    filter: readonly estypes.QueryDslQueryContainer[],
  ): AsyncGenerator<readonly StoredPassage[]>;
  /** Those that there are, by id, as they are now: what was written a moment ago, too. */
  lookUp(index: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  count(index: string): Promise<number>;
  refresh(index: string): Promise<void>;
};

const PASSAGES_PER_PAGE = 500;

/** Unique to a passage, so that a page starts where the one before ended. */
const READING_ORDER = ['kind', 'source', 'version', 'ordinal'];

/** For reading whole indexes, by name or by alias. */
export function createPassageReader(ask: Ask, client: Client): PassageReader {
  const readPage = async (
    index: string,
    filter: readonly estypes.QueryDslQueryContainer[],
    after: estypes.SortResults | undefined,
  ): Promise<estypes.SearchHit<PassageRecord>[]> => {
    const answer = await ask('read passages', (options) =>
      client.search<PassageRecord>(
        {
          index,
          query: { bool: { filter: [...filter] } },
          size: PASSAGES_PER_PAGE,
          sort: READING_ORDER,
          ...(after === undefined ? {} : { search_after: after }),
          _source: ['passage'],
          track_total_hits: false,
        },
        options,
      ),
    );
    return answer.hits.hits;
  };

  const refresh = async (index: string): Promise<void> => {
    await ask('refresh the search index', (options) => client.indices.refresh({ index }, options));
  };

  return {
    refresh,
    pagesOf: async function* (index, filter) {
      await refresh(index);
      for (let after: estypes.SortResults | undefined; ;) {
        const hits = await readPage(index, filter, after);
        if (hits.length === 0) return;
        yield hits.map(({ _id, _source }) => ({ id: _id ?? '', passage: _source?.passage ?? '' }));
        after = hits.at(-1)?.sort;
      }
    },
    lookUp: async (index, ids) => {
      const { docs } = await ask('look for passages', (options) =>
        client.mget<PassageRecord>({ index, ids: [...ids], _source: ['passage'] }, options),
      );
      return new Map(
        docs.flatMap((found) => {
          // One that could not be looked for must not be taken for one that is gone.
          if ('error' in found) throw lookUpFailed(found.error);
          return found.found ? [[found._id, found._source?.passage ?? ''] as const] : [];
        }),
      );
    },
    count: async (index) => {
      const { count } = await ask('count passages', (options) => client.count({ index }, options));
      return count;
    },
  };
}

const lookUpFailed = ({ reason }: { readonly reason?: string | null }): StorageError =>
  new StorageError('storage_unavailable', `Could not look for passages: ${reason ?? 'no reason'}`);
