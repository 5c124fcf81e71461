import type {
  ElasticsearchSearchIndex,
  ElasticsearchSearchIndexOptions,
} from './elasticsearch-search-index.ts';

export type {
  ElasticsearchSearchIndex,
  ElasticsearchSearchIndexOptions,
} from './elasticsearch-search-index.ts';
export type { EnsuredIndex, EnsureIndexOptions } from './index-set-up.ts';
export type { CopyProgress } from './passage-copy.ts';

/**
 * Loads the client only now: without it, whoever uses the embedded adapters starts faster by half a
 * second and needs some 30 MB less. Rejects with a `StorageError` `storage_unusable` for options
 * that are wrong in themselves; it connects to nothing yet.
 *
 * See `openElasticsearchSearchIndex` for what it promises.
 */
export async function createElasticsearchSearchIndex(
  options: ElasticsearchSearchIndexOptions,
): Promise<ElasticsearchSearchIndex> {
  const { openElasticsearchSearchIndex } = await import('./elasticsearch-search-index.ts');
  return openElasticsearchSearchIndex(options);
}
