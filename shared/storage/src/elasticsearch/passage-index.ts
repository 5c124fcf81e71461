import { createHash } from 'node:crypto';
import type { estypes } from '@elastic/elasticsearch';
import { toUnitVector, type PassageScope } from '../passage-rules.ts';
import type { IndexedPassage, Passage } from '../search-index.ts';
import { StorageError } from '../storage-error.ts';
import { searchableWords } from './searchable-words.ts';

/** One passage as Elasticsearch holds it. */
export type PassageRecord = {
  readonly kind: string;
  readonly source: string;
  readonly version: string;
  readonly ordinal: number;
  readonly words: string;
  /** Of length 1; left out for a zero vector, which is near to nothing. */
  readonly vector?: readonly number[];
  /** The passage as JSON: it comes back as it was, broken Unicode included. */
  readonly passage: string;
  /** The index that a rebuild took it from; left out for what a service wrote. */
  readonly copiedFrom?: string;
};

/** Goes up with every change of the mapping: an index of an older one is refused by the set-up. */
const MAPPING_VERSION = 1;

/**
 * How each field of a `PassageRecord` is indexed.
 *
 * `flat`: a search is always within one source, a few dozen passages that are compared exactly. A
 * graph over all candidates (HNSW) would cost memory and never be walked; quantized vectors would
 * blur the scores.
 */
export const passageMapping = (
  embeddingModel: string,
  dimensions: number,
): estypes.MappingTypeMapping => {
  const properties = {
    kind: { type: 'keyword' },
    source: { type: 'keyword' },
    version: { type: 'keyword' },
    ordinal: { type: 'long' },
    words: { type: 'text', analyzer: 'standard', index_options: 'freqs' },
    vector: {
      type: 'dense_vector',
      dims: dimensions,
      index: true,
      similarity: 'cosine',
      index_options: { type: 'flat' },
    },
    // `enabled: false` takes any JSON, a long string too, and only stores it.
    passage: { type: 'object', enabled: false },
    copiedFrom: { type: 'keyword' },
  } satisfies Record<keyof PassageRecord, estypes.MappingProperty>;
  const _meta = { embeddingModel, dimensions, mappingVersion: MAPPING_VERSION };
  return { dynamic: 'strict', _meta, properties };
};

/** The model of an index, by its mapping; `undefined` for one that is not ours. */
export function embeddingModelOf({ _meta }: estypes.MappingTypeMapping): string | undefined {
  const model: unknown = _meta?.['embeddingModel'];
  return typeof model === 'string' ? model : undefined;
}

export const INDEX_SETTINGS = {
  number_of_shards: 1,
  // A single node has no place for a copy; a second one gets it.
  auto_expand_replicas: '0-1',
  // How long a writer waits until what it wrote can be found: the default of 1 s is felt.
  refresh_interval: '250ms',
} satisfies estypes.IndicesIndexSettings;

export type IndexNames = {
  /** Alias of all indexes of the prefix, whichever model, from their making on: for deletions. */
  readonly everyModel: string;
  /** Alias of the one index in use: a rebuild copies from it, then moves the alias. */
  readonly current: string;
  /** Alias of the model's index once it is whole: what is read and written. */
  readonly alias: string;
  readonly firstIndex: string;
};

const CURRENT = 'current';

/** Throws `storage_unusable` for a prefix that no index can bear. */
export function indexNames(prefix: string, embeddingModel: string, dimensions: number): IndexNames {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(prefix) || prefix.length > 64) {
    const message = `An index prefix is kebab-case and at most 64 characters: ${prefix}`;
    throw new StorageError('storage_unusable', message);
  }
  if (prefix.endsWith(`-${CURRENT}`)) {
    const message = `An index prefix does not end in -${CURRENT}, as an alias of ours does: ${prefix}`;
    throw new StorageError('storage_unusable', message);
  }
  const alias = `${prefix}-${slugOf(embeddingModel)}-${dimensions}`;
  return {
    everyModel: prefix,
    current: `${prefix}-${CURRENT}`,
    alias,
    firstIndex: `${alias}-000001`,
  };
}

/** The model's name where it can be part of an index's name; else with a hash, to stay unique. */
function slugOf(embeddingModel: string): string {
  const slug = embeddingModel
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 100);
  if (slug === embeddingModel) return slug;
  const hash = createHash('sha256').update(embeddingModel).digest('hex').slice(0, 8);
  return slug === '' ? hash : `${slug}-${hash}`;
}

export function toPassageRecord(indexed: IndexedPassage): PassageRecord {
  const { id, kind, source, version, ordinal, page, text, vector } = indexed;
  const passage: Passage = { id, kind, source, version, ordinal, page, text };
  const unit = toUnitVector(vector);
  return {
    kind,
    source,
    version,
    ordinal,
    words: searchableWords(text).join(' '),
    ...(unit === undefined ? {} : { vector: [...unit] }),
    passage: JSON.stringify(passage),
  };
}

/** The same for the same scope, in any process: no two scopes share one. */
export const scopeDigest = ({ kind, source, version }: PassageScope): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, source, version]))
    .digest('hex');

/** Deterministic, so that a passage indexed twice is one passage. */
export const recordId = (passage: IndexedPassage): string =>
  `${scopeDigest(passage)}-${passage.ordinal}`;

export const inScope = (scope: PassageScope): estypes.QueryDslQueryContainer[] => [
  { term: { kind: scope.kind } },
  { term: { source: scope.source } },
  { term: { version: scope.version } },
];
