import { sha256 } from '@berkas/service-kit';
import type { Embeddings } from './language-model.ts';
import { createLruCache } from './lru-cache.ts';
import { modelAnswerInvalid } from './model-error.ts';
import type { ModelEndpoint } from './model-endpoint.ts';
import { createSingleFlight } from './single-flight.ts';

/** More in one request than this, and endpoints begin to refuse them. */
const BATCH_SIZE = 64;
/** What a call that failed halfway had, for its repetition: with 1,536 numbers each, 0.8 MB a batch. */
const MAXIMUM_BATCHES_HELD = 16;
/** Queries come a few at a time and come again; documents come in bulk and would push them out. */
const MAXIMUM_CACHED_PER_CALL = 8;

export type Embed = (texts: readonly string[], signal?: AbortSignal) => Promise<Embeddings>;

/**
 * Embeds texts, in batches, to vectors of unit length. Those of small calls are kept in memory, by
 * the hash of their text, because every evaluation for a job asks for the same queries; equal small
 * calls at the same time share one request. Repeats nothing; a call that is made again after it
 * failed in one of its batches asks for that and the later ones alone.
 */
export function createEmbedder(options: {
  endpoint: Pick<ModelEndpoint, 'embed'>;
  model: string;
  cachedTexts: number;
}): Embed {
  const { endpoint, model, cachedTexts } = options;
  const cache = createLruCache<{ model: string; vector: readonly number[] }>(cachedTexts);
  const once = createSingleFlight<Embeddings>();
  const held = createLruCache<Embeddings>(MAXIMUM_BATCHES_HELD);

  const embedBatch: Embed = async (texts, signal) => {
    const answer = await endpoint.embed({ model, texts }, signal);
    return { model: answer.model, vectors: answer.vectors.map(toUnitLength) };
  };
  const embedAll: Embed = async (texts, signal) => {
    const batches: { key: string; embedded: Embeddings }[] = [];
    for (let from = 0; from < texts.length; from += BATCH_SIZE) {
      const batch = texts.slice(from, from + BATCH_SIZE);
      const key = sha256(batch.join('\u0000'));
      const embedded = held.get(key) ?? (await embedBatch(batch, signal));
      held.set(key, embedded);
      batches.push({ key, embedded });
    }
    for (const { key } of batches) held.delete(key);
    return {
      model: batches.at(-1)?.embedded.model ?? model,
      vectors: batches.flatMap(({ embedded }) => embedded.vectors),
    };
  };

  return async (texts, signal) => {
    if (texts.length === 0) return { model, vectors: [] };
    if (texts.length > MAXIMUM_CACHED_PER_CALL) return embedAll(texts, signal);
    const keys = texts.map(sha256);
    const found = keys.map((key) => cache.get(key));
    const missing = texts.filter((_, at) => found[at] === undefined);
    if (missing.length > 0) {
      const key = keys.filter((_, at) => found[at] === undefined).join(' ');
      const fresh = await once(key, (shared) => embedAll(missing, shared), signal);
      const vectors = fresh.vectors.values();
      found.forEach((entry, at) => {
        const vector = entry === undefined ? vectors.next().value : undefined;
        if (vector === undefined) return;
        found[at] = { model: fresh.model, vector };
        cache.set(keys[at] ?? '', { model: fresh.model, vector });
      });
    }
    const entries = found.filter((entry) => entry !== undefined);
    return { model: entries[0]?.model ?? model, vectors: entries.map(({ vector }) => vector) };
  };
}

function toUnitLength(vector: readonly number[]): readonly number[] {
  // By the largest first, so that no square overflows or vanishes.
  let largest = 0;
  for (const number of vector) largest = Math.max(largest, Math.abs(number));
  // No direction: it can be near nothing. Asking again would bring the same.
  if (largest === 0) throw modelAnswerInvalid(1, ['zero_vector']);
  let sum = 0;
  for (const number of vector) sum += (number / largest) ** 2;
  const length = largest * Math.sqrt(sum);
  return vector.map((number) => number / length);
}
