import type { IndexedPassage, PassageKind, SearchQuery } from './search-index.ts';
import { isStorableIdentifier } from './storable-identifier.ts';
import { StorageError } from './storage-error.ts';

/** What a search is limited to, and what is replaced at once: one version of one source. */
export type PassageScope = {
  readonly kind: PassageKind;
  readonly source: string;
  readonly version: string;
};

/** Throws `invalid_query` unless the scope can be compared exactly in every adapter. */
export function assertScope(scope: PassageScope): void {
  for (const field of ['kind', 'source', 'version'] as const) {
    if (isStorableIdentifier(scope[field])) continue;
    throw new StorageError('invalid_query', `Not a ${field}: ${JSON.stringify(scope[field])}`);
  }
}

/**
 * Throws `invalid_passage` for a passage of another scope, a doubled ordinal or a broken vector, and
 * `vector_length_mismatch` when the vectors differ in length.
 */
export function assertPassages(scope: PassageScope, passages: readonly IndexedPassage[]): void {
  assertScope(scope);
  const ordinals = new Set<number>();
  for (const passage of passages) {
    const problem = problemOf(scope, passage, ordinals);
    if (problem !== undefined) {
      throw new StorageError('invalid_passage', `Passage "${passage.id}" ${problem}.`);
    }
    ordinals.add(passage.ordinal);
    assertVectorLength(passage.vector, passages[0]?.vector.length);
  }
}

function problemOf(
  scope: PassageScope,
  passage: IndexedPassage,
  ordinals: ReadonlySet<number>,
): string | undefined {
  if (passage.kind !== scope.kind) return `is of kind ${passage.kind}, not ${scope.kind}`;
  if (passage.source !== scope.source) return `is of another source than ${scope.source}`;
  if (passage.version !== scope.version) return `is of another version than ${scope.version}`;
  if (!Number.isSafeInteger(passage.ordinal) || passage.ordinal < 0) {
    return `has ${passage.ordinal} for an ordinal`;
  }
  if (ordinals.has(passage.ordinal)) return `repeats the ordinal ${passage.ordinal}`;
  if (!isVector(passage.vector)) return 'has a vector that is empty or holds more than numbers';
  return undefined;
}

/** Throws `invalid_query` for queries that no adapter can answer. */
export function assertQuery(query: SearchQuery): void {
  assertScope(query.filter);
  if (!Number.isSafeInteger(query.limit) || query.limit < 1) {
    throw new StorageError('invalid_query', 'limit is a whole number from 1.');
  }
  if (query.mode !== 'text' && !isVector(query.vector)) {
    throw new StorageError('invalid_query', 'The vector is empty or holds more than numbers.');
  }
}

const isVector = (vector: readonly number[]): boolean =>
  vector.length > 0 && vector.every((component) => Number.isFinite(component));

/** Throws `vector_length_mismatch`; an index without vectors takes any length. */
export function assertVectorLength(vector: readonly number[], expected: number | undefined): void {
  if (expected === undefined || vector.length === expected) return;
  throw new StorageError(
    'vector_length_mismatch',
    `The index holds vectors of ${expected} dimensions and was given one of ${vector.length}: ` +
      'vectors of one embedding model all have the same length.',
  );
}

/**
 * The vector scaled to length 1, so that its squares neither overflow nor vanish in 32-bit floats;
 * `undefined` for a zero vector: it points nowhere, so it is near to nothing.
 */
export function toUnitVector(vector: readonly number[]): Float32Array | undefined {
  const largest = vector.reduce((most, component) => Math.max(most, Math.abs(component)), 0);
  if (largest === 0) return undefined;
  const scaled = vector.map((component) => component / largest);
  const length = Math.sqrt(scaled.reduce((sum, component) => sum + component * component, 0));
  return Float32Array.from(scaled, (component) => component / length);
}
