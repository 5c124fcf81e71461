import type { KnowledgeReference, Rubric } from '@berkas/contracts';
import type { LanguageModel } from '@berkas/llm';
import { BerkasError } from '@berkas/service-kit';
import type { PassageKind, SearchHit, SearchIndex } from '@berkas/storage';

export type RetrievalSource = { kind: PassageKind; source: string; version: string };

/** What to look for: one question a parameter, so that none of them crowds out another. */
export const rubricQueries = (rubric: Rubric): string[] =>
  rubric.parameters.map(({ label, looks_at }) => `${label}. ${looks_at}`);

/**
 * The passages of one source that answer any of the queries, by vectors and text together, each
 * once and in the order of the document. `perQuery` is how many each query may bring in.
 *
 * Rejects with `passages_missing` when there are none: the source is not in the index, as after a
 * change of the embedding model, and a score that was given without it would mean nothing.
 */
export async function retrievePassages(
  deps: { search: SearchIndex; model: LanguageModel },
  options: {
    queries: readonly string[];
    filter: RetrievalSource;
    perQuery: number;
    signal?: AbortSignal;
  },
): Promise<SearchHit[]> {
  const { vectors } = await deps.model.embed(options.queries, options.signal);
  const answers = await Promise.all(
    options.queries.map((text, index) =>
      deps.search.search({
        text,
        vector: vectors[index] ?? [],
        filter: options.filter,
        limit: options.perQuery,
      }),
    ),
  );
  if (answers.every((hits) => hits.length === 0)) throw passagesMissing(options.filter);
  const byId = new Map(answers.flat().map((hit) => [hit.id, hit]));
  return [...byId.values()].sort((a, b) => a.ordinal - b.ordinal);
}

const passagesMissing = ({ kind, source, version }: RetrievalSource): BerkasError =>
  new BerkasError(`There are no passages of ${kind} ${source}@${version} in the index.`, {
    code: 'passages_missing',
    retryable: false,
  });

export const knowledgeSource = (
  kind: 'job' | 'brief' | 'rubric',
  { id, version }: KnowledgeReference,
): RetrievalSource => ({ kind, source: id, version });
