import type { IndexedPassage, PassageKind, SearchMode, SearchQuery } from '../search-index.ts';

type Scope = { readonly kind: PassageKind; readonly source: string; readonly version: string };

/** The passages of one source from their texts and vectors, in order. */
export const passagesOf = (
  scope: Scope,
  contents: readonly (readonly [text: string, vector: readonly number[]])[],
): IndexedPassage[] =>
  contents.map(([text, vector], ordinal) => ({
    id: `${scope.source}@${scope.version}#${ordinal}`,
    ...scope,
    ordinal,
    page: 1,
    text,
    vector,
  }));

/** A query in one source; without a mode it asks for the default one. */
export const queryOf = (
  filter: Scope,
  question: { text?: string; vector?: readonly number[]; limit?: number; mode?: SearchMode },
): SearchQuery => ({ text: '', vector: [], limit: 10, filter, ...question });
