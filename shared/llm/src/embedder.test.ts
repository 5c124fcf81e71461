import { describe, expect, it } from '@jest/globals';
import { createEmbedder, type Embed } from './embedder.ts';
import type { ModelEndpoint } from './model-endpoint.ts';

/** Embeds a text as [its length, 0]; keeps what it was asked. */
function setUp(options: { cachedTexts?: number; vector?: (text: string) => number[] } = {}): {
  embed: Embed;
  asked: string[][];
} {
  const { cachedTexts = 100, vector = (text: string) => [text.length, 0] } = options;
  const asked: string[][] = [];
  const endpoint: ModelEndpoint = {
    chat: () => Promise.reject(new Error('not asked for')),
    embed: ({ texts }) => {
      asked.push([...texts]);
      return Promise.resolve({ model: 'embedding-1', vectors: texts.map(vector) });
    },
  };
  return { embed: createEmbedder({ endpoint, model: 'configured', cachedTexts }), asked };
}

describe('embedding', () => {
  it('asks for nothing when there is no text', async () => {
    const { embed, asked } = setUp();
    await expect(embed([])).resolves.toEqual({ model: 'configured', vectors: [] });
    expect(asked).toEqual([]);
  });

  it('gives vectors of unit length', async () => {
    const { embed } = setUp({ vector: (text) => (text === 'huge' ? [3e200, 4e200] : [3, -4]) });
    const { model, vectors } = await embed(['huge', 'small']);
    expect(model).toBe('embedding-1');
    expect(vectors[0]?.[0]).toBeCloseTo(0.6);
    expect(vectors[1]?.[1]).toBeCloseTo(-0.8);
  });

  it('fails on a vector without direction, which no second try would change', async () => {
    const { embed } = setUp({ vector: () => [0, 0] });
    await expect(embed(['a'])).rejects.toMatchObject({
      code: 'model_answer_invalid',
      details: { problems: ['zero_vector'] },
    });
  });

  it('asks again for what a failed call did not get, and for no batch twice', async () => {
    let failures = 1;
    const { embed, asked } = setUp({
      vector: (text) => {
        if (text === 'passage 64' && failures-- > 0) throw new Error('reset');
        return [1, 0];
      },
    });
    const passages = Array.from({ length: 130 }, (_, index) => `passage ${index}`);
    await expect(embed(passages)).rejects.toThrow('reset');
    await expect(embed(passages)).resolves.toMatchObject({ vectors: passages.map(() => [1, 0]) });
    expect(asked.map(([first]) => first)).toEqual([
      'passage 0',
      'passage 64',
      'passage 64',
      'passage 128',
    ]);
    await embed(passages);
    expect(asked).toHaveLength(7);
  });

  it('asks in batches and keeps the order', async () => {
    const { embed, asked } = setUp({ vector: (text) => [1, Number(text)] });
    const texts = Array.from({ length: 150 }, (_, index) => String(index));
    const { vectors } = await embed(texts);
    expect(asked.map((batch) => batch.length)).toEqual([64, 64, 22]);
    expect(vectors.map(([one = 0, other = 0]) => Math.round(other / one))).toEqual(
      texts.map(Number),
    );
  });
});

describe('embeddings of queries', () => {
  it('are asked for once, the new ones of a call alone, and stay in order', async () => {
    const { embed, asked } = setUp({ vector: (text) => (text === 'b' ? [0, 1] : [1, 0]) });
    await embed(['b']);
    const { model, vectors } = await embed(['a', 'b', 'c']);
    expect(asked).toEqual([['b'], ['a', 'c']]);
    expect(model).toBe('embedding-1');
    expect(vectors).toEqual([
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
  });

  it('of the same text twice in a call are both there', async () => {
    const { embed } = setUp();
    await expect(embed(['a', 'a'])).resolves.toMatchObject({
      vectors: [
        [1, 0],
        [1, 0],
      ],
    });
  });

  it('share one request when asked for at the same time', async () => {
    const { embed, asked } = setUp();
    await Promise.all([embed(['a']), embed(['a']), embed(['b'])]);
    expect(asked).toEqual([['a'], ['b']]);
  });

  it('make room for newer ones', async () => {
    const { embed, asked } = setUp({ cachedTexts: 1 });
    await embed(['a']);
    await embed(['b']);
    await embed(['a']);
    expect(asked).toHaveLength(3);
  });

  it('are not pushed out by the passages of a document', async () => {
    const { embed, asked } = setUp({ cachedTexts: 2 });
    await embed(['query']);
    await embed(Array.from({ length: 20 }, (_, index) => `passage ${index}`));
    await embed(['query']);
    expect(asked).toHaveLength(2);
  });
});
