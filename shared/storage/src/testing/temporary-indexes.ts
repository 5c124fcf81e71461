import { randomUUID } from 'node:crypto';
import type { Client } from '@elastic/elasticsearch';
import {
  createElasticsearchSearchIndex,
  type ElasticsearchSearchIndex,
} from '../elasticsearch/create-elasticsearch-search-index.ts';

type Changes = {
  readonly embeddingModel?: string;
  readonly dimensions?: number;
  readonly node?: string;
  readonly timeoutMs?: number;
};

export type TemporaryIndexes = {
  readonly indexPrefix: string;
  /** By default for the model `model-a` of 3 dimensions. Makes no index yet. */
  open(changes?: Changes): Promise<ElasticsearchSearchIndex>;
  /** Closes what was opened and removes all indexes of the prefix. */
  dispose(): Promise<void>;
};

/** The indexes of one test: all under one prefix, removed with it. */
export function temporaryIndexes(admin: Client, node: string): TemporaryIndexes {
  const indexPrefix = `berkas-test-${randomUUID()}`;
  const opened: ElasticsearchSearchIndex[] = [];
  return {
    indexPrefix,
    open: async (changes = {}) => {
      const index = await createElasticsearchSearchIndex({
        node,
        indexPrefix,
        embeddingModel: 'model-a',
        dimensions: 3,
        timeoutMs: 20_000,
        ...changes,
      });
      opened.push(index);
      return index;
    },
    dispose: async () => {
      await Promise.all(opened.map((index) => index.close()));
      const indexes = await admin.indices.get({ index: `${indexPrefix}*` });
      for (const index of Object.keys(indexes)) await admin.indices.delete({ index });
    },
  };
}
