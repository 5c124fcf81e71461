import { conceptsOf } from './concepts.ts';

export const EMBEDDING_DIMENSIONS = 256;

/** The last dimension means "no words": what an empty text is, and nothing else is near to. */
const EMPTY_DIMENSION = EMBEDDING_DIMENSIONS - 1;
const WORD_WEIGHT = 1;
const PAIR_WEIGHT = 0.4;
const TRIGRAM_WEIGHT = 0.15;

/**
 * A text as 256 numbers of unit length: a hashed bag of its concepts (translated and stemmed words),
 * their pairs and their letters' trigrams, each counted as 1 + ln(count). An empty text, or one of
 * stop words alone, is the unit vector of the last dimension.
 */
export function embed(text: string): number[] {
  const vector = new Float64Array(EMBEDDING_DIMENSIONS);
  for (const [feature, { count, weight }] of featuresOf(text)) {
    const hash = hashOf(feature);
    const dimension = hash % EMPTY_DIMENSION;
    // A sign of its own lets features that share a dimension cancel instead of adding up.
    const sign = (hash >>> 16) % 2 === 0 ? 1 : -1;
    vector[dimension] = (vector[dimension] ?? 0) + sign * weight * (1 + Math.log(count));
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) {
    vector[EMPTY_DIMENSION] = 1;
    return [...vector];
  }
  return [...vector].map((value) => value / length);
}

type Feature = { count: number; readonly weight: number };

function featuresOf(text: string): Map<string, Feature> {
  const features = new Map<string, Feature>();
  const add = (name: string, weight: number): void => {
    const feature = features.get(name);
    if (feature === undefined) features.set(name, { count: 1, weight });
    else feature.count += 1;
  };
  let previous: string | undefined;
  for (const concept of conceptsOf(text)) {
    add(`w:${concept}`, WORD_WEIGHT);
    if (previous !== undefined) add(`p:${previous} ${concept}`, PAIR_WEIGHT);
    const padded = `_${concept}_`;
    for (let index = 0; index + 3 <= padded.length; index += 1) {
      add(`t:${padded.slice(index, index + 3)}`, TRIGRAM_WEIGHT);
    }
    previous = concept;
  }
  return features;
}

/** FNV-1a, 32 bits, with a final mix so that its low bits are even. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** As the `base64` encoding format of OpenAI has it: little-endian 32-bit floats. */
export function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
