import type { Client, estypes } from '@elastic/elasticsearch';
import type { IndexedPassage } from '../search-index.ts';
import { writeInBulk } from './bulk-request.ts';
import type { Ask } from './elasticsearch-call.ts';
import { recordId, toPassageRecord } from './passage-index.ts';

/** Some megabytes of vectors in one request, a tenth of what the server takes. */
const PASSAGES_PER_REQUEST = 200;
const DELETIONS_PER_REQUEST = 1_000;

export type PassageWriter = {
  /** Stores or replaces; can be found when it resolves. */
  upsert(passages: readonly IndexedPassage[]): Promise<void>;
  /** Makes findable what a writer left unseen that ended half-way. */
  refresh(index: string): Promise<void>;
  /** Removes all that match and can be found, and counts them; gone when it resolves. */
  removeWhere(index: string, filter: readonly estypes.QueryDslQueryContainer[]): Promise<number>;
};

export function createPassageWriter(ask: Ask, client: Client, alias: string): PassageWriter {
  const bulk = (action: string, request: estypes.BulkRequest): Promise<void> =>
    writeInBulk(ask, client, action, { ...request, refresh: 'wait_for' });

  return {
    upsert: async (passages) => {
      for (let start = 0; start < passages.length; start += PASSAGES_PER_REQUEST) {
        const operations = passages
          .slice(start, start + PASSAGES_PER_REQUEST)
          .flatMap((passage) => [{ index: { _id: recordId(passage) } }, toPassageRecord(passage)]);
        // Without `require_alias` a missing index would be made, with guessed types.
        await bulk('index passages', { index: alias, require_alias: true, operations });
      }
    },
    refresh: async (index) => {
      await ask('refresh the search index', (options) =>
        client.indices.refresh({ index, ignore_unavailable: true }, options),
      );
    },
    removeWhere: async (index, filter) => {
      for (let removed = 0; ;) {
        const found = await ask('look for passages to delete', (options) =>
          client.search(
            {
              index,
              ignore_unavailable: true,
              query: { bool: { filter: [...filter] } },
              size: DELETIONS_PER_REQUEST,
              sort: ['_doc'],
              _source: false,
            },
            options,
          ),
        );
        const operations = found.hits.hits.map(({ _index, _id }) => ({
          delete: { _index, _id: _id ?? '' },
        }));
        if (operations.length === 0) return removed;
        await bulk('delete passages', { operations });
        removed += operations.length;
      }
    },
  };
}
