import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SearchIndex } from '../search-index.ts';
import type { ContractSubject } from './contract-factory.ts';
import { passagesOf, queryOf } from './passages.ts';
import {
  CV,
  EAST,
  MODEL,
  MODES,
  NORTH,
  PASSAGES,
  UP,
  ordinalsOf,
  type SearchContractFactory,
} from './search-contract-fixture.ts';

/** In what order passages are found, and by which words. */
export function rankingContract(factory: SearchContractFactory): void {
  describe('its ranking', () => {
    let subject: ContractSubject<SearchIndex, [embeddingModel: string]>;
    let index: SearchIndex;

    beforeEach(async () => {
      subject = await factory();
      index = await subject.open(MODEL);
    });
    afterEach(() => subject.dispose());

    describe('ranking', () => {
      beforeEach(() => index.replaceSource(CV, passagesOf(CV, PASSAGES)));

      it('gives back the whole passage and a score, without the vector', async () => {
        const [best] = await index.search(queryOf(CV, { vector: EAST, mode: 'vector', limit: 1 }));
        expect(best).toStrictEqual({
          id: 'doc_1@v1#0',
          kind: 'cv',
          source: 'doc_1',
          version: 'v1',
          ordinal: 0,
          page: 1,
          text: 'Built REST APIs in Node.js and PostgreSQL for a payments platform.',
          score: expect.any(Number),
        });
      });

      it('by vector puts the smallest angle first, whatever the length', async () => {
        const near = await index.search(queryOf(CV, { vector: [900, 100, 1], mode: 'vector' }));
        expect(ordinalsOf(near)).toEqual([0, 2, 1, 3]);
        const opposite = await index.search(queryOf(CV, { vector: [-2, -1, 0], mode: 'vector' }));
        expect(ordinalsOf(opposite)).toEqual([3, 1, 0, 2]);
      });

      it.each([
        ['postgresql', [0]],
        ['NODE.JS', [0]],
        ['membimbing insinyur', [1]],
        ['yang pernah memimpin tim?', [1]],
        ['cafe BANDUNG', [3]],
        ['cafe', [3]],
        ['Café', [3]],
        ['js', [0]],
        ['vector databases, retrieval', [2]],
        ['gunung payments', [0, 3]],
        ['quantum', []],
      ])('by text finds %j', async (text, expected) => {
        const hits = await index.search(queryOf(CV, { text, mode: 'text' }));
        expect(ordinalsOf(hits).sort()).toEqual(expected);
      });

      it('by text puts a passage with more of the rarer words first', async () => {
        const hits = await index.search(
          queryOf(CV, { text: 'a vector database for payments retrieval', mode: 'text' }),
        );
        expect(ordinalsOf(hits)).toEqual([2, 0]);
      });

      it('hybrid puts first what both find, and misses nothing that one finds', async () => {
        const both = { text: 'retrieval vector', vector: [0, 1, 0.9] };
        const hits = await index.search(queryOf(CV, { ...both, mode: 'hybrid' }));
        expect(ordinalsOf(hits)[0]).toBe(2);
        expect(ordinalsOf(hits).sort()).toEqual([0, 1, 2, 3]);
        expect(await index.search(queryOf(CV, both))).toEqual(hits);
      });

      it('answers at most the limit, the best of all', async () => {
        for (const mode of MODES) {
          const question = { text: 'vector database payments gunung tim', vector: EAST, mode };
          const all = await index.search(queryOf(CV, question));
          const two = await index.search(queryOf(CV, { ...question, limit: 2 }));
          expect(all).toHaveLength(4);
          expect(two).toEqual(all.slice(0, 2));
        }
      });

      it('answers the same question alike, scores falling', async () => {
        for (const mode of MODES) {
          const query = queryOf(CV, { text: 'tim database fotografi', vector: UP, mode });
          const hits = await index.search(query);
          const scores = hits.map(({ score }) => score);
          expect(hits.length).toBeGreaterThan(0);
          expect(scores).toEqual([...scores].sort((one, other) => other - one));
          expect(await index.search(query)).toEqual(hits);
        }
      });

      it.each([0, -1, 1.5])('refuses the limit %d', async (limit) => {
        await expect(index.search(queryOf(CV, { vector: EAST, limit }))).rejects.toMatchObject({
          code: 'invalid_query',
          retryable: false,
        });
      });
    });

    it('breaks ties by ordinal, in whatever order the passages came', async () => {
      const passages = passagesOf(
        CV,
        Array.from({ length: 12 }, () => ['the same words here', EAST] as const),
      );
      await index.replaceSource(CV, [...passages].reverse());
      for (const mode of MODES) {
        const hits = await index.search(
          queryOf(CV, { text: 'same', vector: EAST, mode, limit: 5 }),
        );
        expect(ordinalsOf(hits)).toEqual([0, 1, 2, 3, 4]);
      }
    });

    describe('any text', () => {
      beforeEach(() => index.replaceSource(CV, passagesOf(CV, PASSAGES)));

      it.each([
        '',
        '   \n\t',
        '!?.,;:-–—()[]{}',
        '"',
        "'",
        '""""',
        '🌏👩‍💻',
        '\u0301',
        '\u0000',
        '\ud800',
        '* ^ OR NOT NEAR(',
        'text:',
        '-',
        '{x y} : z',
      ])('of %j is searched without words in common, and finds nothing by text', async (text) => {
        expect(await index.search(queryOf(CV, { text, mode: 'text' }))).toEqual([]);
        const hybrid = await index.search(queryOf(CV, { text, vector: EAST }));
        expect(ordinalsOf(hybrid)[0]).toBe(0);
      });

      it.each([
        '"payments',
        "payments' OR 1=1 --",
        'payments AND quantum',
        'NOT payments',
        'NEAR(payments quantum, 2)',
        'text : payments*',
        '(payments',
        'payments\u0000',
        '🌏 payments 🌏',
        'C++/C# payments^2',
        '\ud800 payments',
      ])('of %j is words, never operators', async (text) => {
        expect(ordinalsOf(await index.search(queryOf(CV, { text, mode: 'text' })))).toEqual([0]);
      });

      it('may be as long as a job description', async () => {
        const text = Array.from({ length: 3_000 }, (_, word) => `payments word${word}`).join(' ');
        expect(ordinalsOf(await index.search(queryOf(CV, { text, mode: 'text' })))).toEqual([0]);
      });

      it('of a passage comes back as it was, and may be empty', async () => {
        const odd = 'Nama: "Siti" \\ \u2028 e\u0301 العربية 👩‍💻 <b> {{x}} $1 %s';
        await index.replaceSource(
          CV,
          passagesOf(CV, [
            ['', EAST],
            [odd, NORTH],
            ['🌏', UP],
          ]),
        );
        const hits = await index.search(queryOf(CV, { text: 'siti', vector: NORTH }));
        expect(hits[0]?.text).toBe(odd);
        expect(hits.map(({ text }) => text).sort()).toEqual(['', odd, '🌏'].sort());
      });
    });
  });
}
