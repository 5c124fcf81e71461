import { describe, expect, it } from '@jest/globals';
import { negatedTokens } from './negation.ts';
import { tokenise } from './text.ts';

/** Whether a word of a sentence is taken out of the count. */
function isNegated(sentence: string, word: string): boolean | undefined {
  const tokens = tokenise(sentence);
  return negatedTokens(tokens)[tokens.findIndex((token) => token.word === word)];
}

describe('what a statement takes back', () => {
  it.each([
    ['I read about embeddings but they are not implemented', 'embeddings'],
    ['A vector database was planned, but it is not done', 'vector'],
    ['Saya membaca tentang embeddings tetapi itu belum dibuat', 'embeddings'],
    ['Retries are not implemented', 'retries'],
    ['We have no tests', 'tests'],
  ])('is not counted: %s', (sentence, word) => {
    expect(isNegated(sentence, word)).toBe(true);
  });

  it.each([
    ['Embeddings are stored in pgvector but streaming is not implemented', 'embeddings'],
    ['We use retries, although dashboards are not done', 'retries'],
    ['Not only retries, also timeouts', 'retries'],
  ])('does not reach what stands: %s', (sentence, word) => {
    expect(isNegated(sentence, word)).toBe(false);
  });
});
