import type { Client, estypes } from '@elastic/elasticsearch';
import type { IndexedPassage } from '../search-index.ts';
import { StorageError } from '../storage-error.ts';
import { codeOfRefusal, type Ask } from './elasticsearch-call.ts';
import { recordId, toPassageRecord } from './passage-index.ts';

/** Some megabytes of vectors in one request, a tenth of what the server takes. */
const PASSAGES_PER_REQUEST = 200;
const DELETIONS_PER_REQUEST = 1_000;

export type PassageWriter = {
  /** Stores or replaces; can be found when it resolves. */
  upsert(passages: readonly IndexedPassage[]): Promise<void>;
  /** Makes findable what a writer left unseen that ended half-way. */
  refresh(index: string): Promise<void>;
  /** Removes all that match and can be found; gone when it resolves. */
  removeWhere(index: string, filter: readonly estypes.QueryDslQueryContainer[]): Promise<void>;
};

export function createPassageWriter(ask: Ask, client: Client, alias: string): PassageWriter {
  async function bulk(action: string, request: estypes.BulkRequest): Promise<void> {
    const answer = await ask(action, (options) =>
      client.bulk({ ...request, refresh: 'wait_for' }, options),
    );
    if (answer.errors) throw refusalIn(answer, action);
  }

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
      for (;;) {
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
        if (operations.length === 0) return;
        await bulk('delete passages', { operations });
      }
    },
  };
}

function refusalIn(answer: estypes.BulkResponse, action: string): Error {
  const refused = answer.items
    .flatMap((item) => Object.values(item))
    .find(({ error }) => error !== undefined);
  const type = refused?.error?.type ?? 'unknown';
  const message = `Could not ${action} (${type}): ${refused?.error?.reason ?? 'no reason given'}`;
  const code = codeOfRefusal(refused?.status ?? 0, type);
  return code === undefined ? new Error(message) : new StorageError(code, message);
}
