import type { SearchHit, SearchIndex, SearchMode } from '../search-index.ts';
import type { ContractFactory } from './contract-factory.ts';

/** `open` takes the name of the embedding model. */
export type SearchContractFactory = ContractFactory<SearchIndex, [embeddingModel: string]>;

export const MODES: readonly SearchMode[] = ['hybrid', 'vector', 'text'];
export const MODEL = 'model-a';
export const CV = { kind: 'cv', source: 'doc_1', version: 'v1' } as const;

export const EAST = [1, 0, 0];
export const NORTH = [0, 1, 0];
export const NORTH_EAST = [1, 1, 0];
export const UP = [0, 0, 1];
export const NOWHERE = [0, 0, 0];

export const PASSAGES: readonly (readonly [text: string, vector: readonly number[]])[] = [
  ['Built REST APIs in Node.js and PostgreSQL for a payments platform.', EAST],
  ['Memimpin tim yang terdiri dari lima insinyur dan membimbing pegawai baru.', NORTH],
  ['Designed retrieval-augmented generation with a vector database.', NORTH_EAST],
  ['Hobi: mendaki gunung, fotografi, café di Bandung.', UP],
];

export const ordinalsOf = (hits: readonly SearchHit[]): number[] =>
  hits.map(({ ordinal }) => ordinal);
