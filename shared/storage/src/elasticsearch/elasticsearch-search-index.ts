import { Client } from '@elastic/elasticsearch';
import { assertPassages, assertQuery, assertScope, assertVectorLength } from '../passage-rules.ts';
import type { SearchIndex } from '../search-index.ts';
import { StorageError } from '../storage-error.ts';
import { createAsk } from './elasticsearch-call.ts';
import { createIndexSetUp, type EnsuredIndex, type EnsureIndexOptions } from './index-set-up.ts';
import { indexNames, inScope } from './passage-index.ts';
import { createPassageRanking } from './passage-ranking.ts';
import { createPassageWriter } from './passage-writer.ts';

export type ElasticsearchSearchIndexOptions = {
  /** Such as `http://127.0.0.1:9200`. */
  readonly node: string;
  readonly auth?:
    { readonly username: string; readonly password: string } | { readonly apiKey: string };
  /** Of the aliases `<prefix>-<model>-<dimensions>`, `<prefix>-current`, and `<prefix>` for all. */
  readonly indexPrefix: string;
  readonly embeddingModel: string;
  /** Length of all vectors of the model, at most 4,096. */
  readonly dimensions: number;
  /** For each request to the server: replacing a source makes two at least, a search one or two. */
  readonly timeoutMs: number;
};

export interface ElasticsearchSearchIndex extends SearchIndex {
  /**
   * A step of the set-up, safe to repeat, to interrupt and to do at once: makes the model's index
   * and puts it to use. Where that of another model is in use, its passages are embedded anew
   * first; services of that model go on with theirs meanwhile, and until they end. Back to the
   * former model is the same again, for the few passages that its index lacks.
   *
   * What services of the former model index after that is not in the new index: whoever needs a
   * source asks `hasSource`, and indexes it.
   *
   * Rejects with `storage_unusable` when the index was made with another mapping, and when there
   * are passages to embed and no `embed`; with what `embed` rejects with; else as any call.
   */
  ensureIndex(options?: EnsureIndexOptions): Promise<EnsuredIndex>;
  /**
   * Resolves when the server answers and has the model's index. Rejects as retryable while the
   * server is away, and with `storage_unusable` while the index is missing.
   */
  ready(): Promise<void>;
}

/**
 * Passages in Elasticsearch, an index for each embedding model: those of a former model stay
 * beside the new ones until their source is deleted, so that models can be changed without a gap
 * (`ensureIndex`).
 *
 * BM25 weighs a word by how rare it is in the whole index, among the passages of all candidates;
 * the embedded adapter looks at one source alone. So the score of a text, and the order of passages
 * that share different words with the question, can differ between the two, and can change as
 * others are indexed. Cosine scores are exact for sources of up to 200 passages; of larger ones the
 * best 200 (or the limit) of either ranking are fused.
 *
 * `replaceSource` stores the new passages over the old, then deletes the surplus: the source is
 * never empty in between, but for a moment a search can see some of both. When it fails half-way,
 * repeating it sets all right.
 */
export function openElasticsearchSearchIndex(
  options: ElasticsearchSearchIndexOptions,
): ElasticsearchSearchIndex {
  const { embeddingModel, dimensions } = options;
  const names = indexNames(options.indexPrefix, embeddingModel, dimensions);
  const client = createClient(options);
  let closed = false;
  const calls = { timeoutMs: options.timeoutMs, isClosed: () => closed };
  const missing = indexMissing(options);
  const ask = createAsk({ ...calls, indexMissing: missing });
  const writer = createPassageWriter(ask, client, names.alias);
  const rank = createPassageRanking(ask, client, names.alias);

  return {
    ensureIndex: createIndexSetUp(createAsk(calls), client, names, options),
    replaceSource: async (scope, passages) => {
      assertPassages(scope, passages);
      const [first] = passages;
      if (first) assertVectorLength(first.vector, dimensions);
      // Either way all that was written before can be found below, by whomever.
      if (first) await writer.upsert(passages);
      else await writer.refresh(names.alias);
      const ordinals = passages.map(({ ordinal }) => ordinal);
      const surplus = { bool: { must_not: [{ terms: { ordinal: ordinals } }] } };
      await writer.removeWhere(names.alias, [...inScope(scope), surplus]);
    },
    hasSource: async (scope) => {
      assertScope(scope);
      const { count } = await ask('look for a source', (request) =>
        client.count(
          {
            index: names.alias,
            query: { bool: { filter: inScope(scope) } },
            terminate_after: 1,
          },
          request,
        ),
      );
      return count > 0;
    },
    search: async (query) => {
      assertQuery(query);
      if (query.mode !== 'text') assertVectorLength(query.vector, dimensions);
      return rank(query);
    },
    deleteSource: async (kind, source) => {
      assertScope({ kind, source, version: 'any' });
      const filter = [{ term: { kind } }, { term: { source } }];
      // Once more after the last removal, for what was copied to another index before it.
      do await writer.refresh(names.everyModel);
      while ((await writer.removeWhere(names.everyModel, filter)) > 0);
    },
    ready: async () => {
      await ask('look for the search index', async (request) => {
        if (await client.indices.existsAlias({ name: names.alias }, request)) return;
        throw new StorageError('storage_unusable', missing);
      });
    },
    close: async () => {
      closed = true;
      await client.close();
    },
  };
}

function createClient({ node, auth, timeoutMs }: ElasticsearchSearchIndexOptions): Client {
  if (!URL.canParse(node)) {
    const message = `Not an address such as http://localhost:9200: ${JSON.stringify(node)}`;
    throw new StorageError('storage_unusable', message);
  }
  return new Client({
    node,
    ...(auth === undefined ? {} : { auth }),
    requestTimeout: timeoutMs,
    // Repeats would go on after the deadline; whoever calls us repeats.
    maxRetries: 0,
  });
}

const indexMissing = ({ embeddingModel, dimensions }: ElasticsearchSearchIndexOptions): string =>
  `There is no index for the model ${embeddingModel} (${dimensions} dimensions): ` +
  'run `berkas setup`.';
