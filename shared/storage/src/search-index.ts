/** Where a passage comes from: a candidate's document, or one of the system's own. */
export type PassageKind = 'cv' | 'project_report' | 'job' | 'brief' | 'rubric';

/** A piece of a document, a few hundred characters, as it is searched and quoted. */
export type Passage = {
  /** `<source>@<version>#<ordinal>`. */
  readonly id: string;
  readonly kind: PassageKind;
  /** Document id, or knowledge id such as `product-engineer-backend`. */
  readonly source: string;
  /** Content version of the source. */
  readonly version: string;
  /** Position in the source, from 0. */
  readonly ordinal: number;
  /** 1-based page; 1 for sources without pages. */
  readonly page: number;
  readonly text: string;
};

export type IndexedPassage = Passage & {
  /** Dense vector; all vectors of one model have the same length. */
  readonly vector: readonly number[];
};

export type SearchMode = 'hybrid' | 'vector' | 'text';

export type SearchQuery = {
  readonly text: string;
  readonly vector: readonly number[];
  /** The source and version to look in: candidates never see each other's passages. */
  readonly filter: {
    readonly kind: PassageKind;
    readonly source: string;
    readonly version: string;
  };
  /** How many passages at most. */
  readonly limit: number;
  /** Default `hybrid`. */
  readonly mode?: SearchMode;
};

export type SearchHit = Passage & {
  /** Higher is nearer; comparable only within one answer. */
  readonly score: number;
};

/**
 * Text and vectors of passages, searched by both and fused. One index holds one embedding model:
 * opened with another, it finds none of the passages that the former left.
 *
 * Rejects with a `StorageError`: `vector_length_mismatch` for a vector of another length than those
 * held, `invalid_passage`, `invalid_query`.
 */
export interface SearchIndex {
  /** Replaces all passages of that source and version. Searchable when it resolves. */
  replaceSource(
    source: { kind: PassageKind; source: string; version: string },
    passages: readonly IndexedPassage[],
  ): Promise<void>;
  /** Whether there are passages of that source and version, embedded by this index's model. */
  hasSource(source: { kind: PassageKind; source: string; version: string }): Promise<boolean>;
  /**
   * Best first; ties by ordinal, so that the same question gives the same answer. A zero vector is
   * near to nothing, a text without a word matches nothing.
   */
  search(query: SearchQuery): Promise<SearchHit[]>;
  /** Removes every version of a source, whichever model embedded it. */
  deleteSource(kind: PassageKind, source: string): Promise<void>;
  close(): Promise<void>;
}
