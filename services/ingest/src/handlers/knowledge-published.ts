import { knowledgePublished, type KnowledgePublished } from '@berkas/contracts';
import type { EventHandler } from '@berkas/messaging';
import { indexSource, type IndexingDeps } from '../indexing.ts';

/** Indexes a version of a job, brief or rubric as any document is: passages, vectors, index. */
export function knowledgePublishedHandler(deps: IndexingDeps): EventHandler<KnowledgePublished> {
  return {
    event: knowledgePublished,
    handle: async ({ data: { kind, id, version } }, { signal }) => {
      await indexSource(deps, { kind, source: id, version }, signal);
      return [];
    },
  };
}
