import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { readParts } from './read-parts.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* streamOf(...chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await nextTurn();
    yield bytesOf(chunk);
  }
}

async function textsOf(content: AsyncIterable<Uint8Array> | Uint8Array): Promise<string[]> {
  const texts: string[] = [];
  for await (const { bytes, last } of readParts(content, 4)) {
    texts.push(bytes.toString() + (last ? '.' : ''));
  }
  return texts;
}

describe('parts of a blob', () => {
  it.each([
    ['of nothing', [], ['.']],
    ['of an empty chunk', [''], ['.']],
    ['of less than a part', ['ab', 'c'], ['abc.']],
    ['of exactly a part', ['ab', 'cd'], ['abcd', '.']],
    ['of chunks across the border', ['abc', 'def', 'g'], ['abcd', 'efg.']],
    ['of a chunk larger than two parts', ['abcdefghij'], ['abcd', 'efgh', 'ij.']],
  ])('%s', async (_title, chunks, parts) => {
    expect(await textsOf(streamOf(...chunks))).toEqual(parts);
    expect(await textsOf(bytesOf(chunks.join('')))).toEqual(parts);
  });

  it('keep the bytes of a source that uses its chunk again', async () => {
    const chunk = bytesOf('ab');
    async function* reusing(): AsyncGenerator<Uint8Array> {
      for (const text of ['ab', 'cd', 'e ']) {
        await nextTurn();
        chunk.set(bytesOf(text));
        yield chunk;
      }
    }
    expect(await textsOf(reusing())).toEqual(['abcd', 'e .']);
  });

  it('close the source when their reader stops', async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          await nextTurn();
          yield bytesOf('abc');
        }
      } finally {
        closed = true;
      }
    }
    for await (const { bytes } of readParts(endless(), 4)) {
      expect(bytes.toString()).toBe('abca');
      break;
    }
    expect(closed).toBe(true);
  });
});
