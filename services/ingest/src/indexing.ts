import { blobKeys, DocumentText, KnowledgeDocument } from '@berkas/contracts';
import type { LanguageModel } from '@berkas/llm';
import { cutIntoPassages, type RetrievalSource, type TextPassage } from '@berkas/scoring';
import { readJson, type BlobStore, type SearchIndex } from '@berkas/storage';
import { knowledgePassages } from './domain/knowledge-passages.ts';

export type IndexingDeps = {
  readonly blobs: BlobStore;
  readonly search: SearchIndex;
  readonly model: LanguageModel;
};

/** The one path into the search index, for candidates' documents and the system's own alike. */
export async function indexPassages(
  deps: IndexingDeps,
  source: RetrievalSource,
  passages: readonly TextPassage[],
  signal: AbortSignal,
): Promise<void> {
  const { vectors } = await deps.model.embed(
    passages.map(({ text }) => text),
    signal,
  );
  await deps.search.replaceSource(
    source,
    passages.map(({ page, text }, ordinal) => ({
      ...source,
      id: `${source.source}@${source.version}#${ordinal}`,
      ordinal,
      page,
      text,
      vector: vectors[ordinal] ?? [],
    })),
  );
}

/** Indexes knowledge, or a document that was read before, from its stored text. */
export async function indexSource(
  deps: IndexingDeps,
  source: RetrievalSource,
  signal: AbortSignal,
): Promise<void> {
  const { kind, source: id, version } = source;
  const passages =
    kind === 'cv' || kind === 'project_report'
      ? cutIntoPassages((await readJson(deps.blobs, blobKeys.documentText(id), DocumentText)).pages)
      : knowledgePassages(
          await readJson(deps.blobs, blobKeys.knowledge(kind, id, version), KnowledgeDocument),
        );
  await indexPassages(deps, source, passages, signal);
}
