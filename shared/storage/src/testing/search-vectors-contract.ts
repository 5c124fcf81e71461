import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SearchIndex, SearchMode } from '../search-index.ts';
import { StorageError } from '../storage-error.ts';
import type { ContractSubject } from './contract-factory.ts';
import { passagesOf, queryOf } from './passages.ts';
import {
  CV,
  EAST,
  MODEL,
  MODES,
  NOWHERE,
  PASSAGES,
  ordinalsOf,
  type SearchContractFactory,
} from './search-contract-fixture.ts';

/** What happens to vectors that are zero, extreme, broken or of another length. */
export function vectorsContract(factory: SearchContractFactory): void {
  describe('its vectors', () => {
    let subject: ContractSubject<SearchIndex, [embeddingModel: string]>;
    let index: SearchIndex;

    beforeEach(async () => {
      subject = await factory();
      index = await subject.open(MODEL);
    });
    afterEach(() => subject.dispose());

    describe('zero vectors', () => {
      it('in the index are near to nothing, and are found by their words', async () => {
        const passages = passagesOf(CV, [
          ['first', NOWHERE],
          ['second', EAST],
        ]);
        await index.replaceSource(CV, passages);
        const query = { text: 'first', vector: EAST };
        const found = async (mode: SearchMode): Promise<number[]> =>
          ordinalsOf(await index.search(queryOf(CV, { ...query, mode }))).sort();
        expect(await found('vector')).toEqual([1]);
        expect(await found('text')).toEqual([0]);
        expect(await found('hybrid')).toEqual([0, 1]);
      });

      it('in the question leave the words to decide', async () => {
        await index.replaceSource(CV, passagesOf(CV, PASSAGES));
        const question = { text: 'gunung', vector: NOWHERE };
        expect(await index.search(queryOf(CV, { ...question, mode: 'vector' }))).toEqual([]);
        const hits = await index.search(queryOf(CV, question));
        expect(ordinalsOf(hits)).toEqual([3]);
        expect(await index.search(queryOf(CV, { text: '', vector: NOWHERE }))).toEqual([]);
      });

      it('never lead to a score that is no number, nor do the smallest and largest', async () => {
        const vectors = [NOWHERE, [1e-30, 0, 0], [1e-320, 0, 0], [1e300, 1e300, 0], [3e38, 0, 0]];
        await index.replaceSource(
          CV,
          passagesOf(
            CV,
            vectors.map((vector) => ['word', vector] as const),
          ),
        );
        for (const mode of MODES) {
          for (const vector of vectors) {
            const hits = await index.search(queryOf(CV, { text: 'word', vector, mode }));
            expect(hits.every(({ score }) => Number.isFinite(score))).toBe(true);
          }
        }
        const hits = await index.search(queryOf(CV, { vector: [1e-30, 0, 0], mode: 'vector' }));
        expect(ordinalsOf(hits)).toEqual([1, 2, 4, 3]);
      });
    });

    describe('vectors of another length', () => {
      const mismatch = { code: 'vector_length_mismatch', retryable: false };

      it('are refused beside those held, and change nothing', async () => {
        await index.replaceSource(CV, passagesOf(CV, PASSAGES));
        const other = { ...CV, source: 'doc_2' };
        const passages = passagesOf(other, [['word', [1, 0]]]);
        await expect(index.replaceSource(other, passages)).rejects.toMatchObject(mismatch);
        expect(await index.hasSource(other)).toBe(false);
      });

      it('are refused among themselves, and leave what was there', async () => {
        await index.replaceSource(CV, passagesOf(CV, PASSAGES));
        const mixed = passagesOf(CV, [
          ['one', EAST],
          ['two', [1, 0]],
        ]);
        await expect(index.replaceSource(CV, mixed)).rejects.toMatchObject(mismatch);
        expect(await index.search(queryOf(CV, { vector: EAST }))).toHaveLength(4);
      });

      it('are refused in a question, unless it is by text', async () => {
        await index.replaceSource(CV, passagesOf(CV, PASSAGES));
        const question = { text: 'payments', vector: [1, 0] };
        await expect(index.search(queryOf(CV, question))).rejects.toMatchObject(mismatch);
        await expect(index.search(queryOf(CV, question))).rejects.toBeInstanceOf(StorageError);
        const byText = await index.search(queryOf(CV, { ...question, vector: [], mode: 'text' }));
        expect(ordinalsOf(byText)).toEqual([0]);
      });

      it.each([[[]], [[Number.NaN, 0, 0]], [[Infinity, 0, 0]]])(
        'or no vectors at all, %j, are refused',
        async (vector) => {
          const passages = passagesOf(CV, [['word', vector]]);
          await expect(index.replaceSource(CV, passages)).rejects.toMatchObject({
            code: 'invalid_passage',
          });
          await expect(index.search(queryOf(CV, { vector }))).rejects.toMatchObject({
            code: 'invalid_query',
          });
        },
      );
    });
  });
}
