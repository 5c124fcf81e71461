import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { IndexedPassage, SearchIndex } from '../search-index.ts';
import type { ContractSubject } from './contract-factory.ts';
import { passagesOf, queryOf } from './passages.ts';
import {
  CV,
  EAST,
  MODEL,
  MODES,
  NORTH_EAST,
  PASSAGES,
  type SearchContractFactory,
} from './search-contract-fixture.ts';

/** That sources, versions and embedding models are kept apart, replaced, erased and kept. */
export function sourcesContract(factory: SearchContractFactory): void {
  describe('its sources', () => {
    let subject: ContractSubject<SearchIndex, [embeddingModel: string]>;
    let index: SearchIndex;

    beforeEach(async () => {
      subject = await factory();
      index = await subject.open(MODEL);
    });
    afterEach(() => subject.dispose());

    describe('sources', () => {
      const others = [
        { ...CV, source: 'doc_2' },
        { ...CV, version: 'v2' },
        { ...CV, kind: 'project_report' },
        { ...CV, source: 'DOC_1' },
        { ...CV, source: 'doc' },
        { ...CV, source: 'docx1' },
      ] as const;

      const textsOf = async (scope: Pick<IndexedPassage, 'kind' | 'source' | 'version'>) => {
        const texts = await Promise.all(
          MODES.map(async (mode) =>
            (await index.search(queryOf(scope, { text: 'word', vector: EAST, mode }))).map(
              ({ text }) => text,
            ),
          ),
        );
        return [...new Set(texts.flat())];
      };

      it('never leak into another source, version or kind', async () => {
        for (const scope of [CV, ...others]) {
          const words = `word of ${scope.kind} ${scope.source} ${scope.version}`;
          await index.replaceSource(scope, passagesOf(scope, [[words, EAST]]));
        }
        for (const scope of [CV, ...others]) {
          expect(await textsOf(scope)).toEqual([
            `word of ${scope.kind} ${scope.source} ${scope.version}`,
          ]);
        }
        expect(await textsOf({ ...CV, source: 'doc_%' })).toEqual([]);
        expect(await textsOf({ ...CV, version: 'v3' })).toEqual([]);
      });

      it('shrink when they are replaced by fewer passages', async () => {
        await index.replaceSource(CV, passagesOf(CV, PASSAGES));
        await index.replaceSource(CV, passagesOf(CV, [['only this word', EAST]]));
        expect(await textsOf(CV)).toEqual(['only this word']);
        expect(await index.search(queryOf(CV, { text: 'payments', mode: 'text' }))).toEqual([]);
        await index.replaceSource(CV, []);
        expect(await textsOf(CV)).toEqual([]);
        expect(await index.hasSource(CV)).toBe(false);
      });

      it('may be replaced again by the same, as after a second delivery', async () => {
        await index.replaceSource(CV, passagesOf(CV, PASSAGES));
        await Promise.all([
          index.replaceSource(CV, passagesOf(CV, PASSAGES)),
          index.replaceSource(CV, passagesOf(CV, PASSAGES)),
        ]);
        expect(await index.search(queryOf(CV, { vector: EAST }))).toHaveLength(4);
      });

      it('are deleted in every version, and no other with them', async () => {
        const second = { ...CV, version: 'v2' };
        for (const scope of [CV, second, ...others]) {
          await index.replaceSource(scope, passagesOf(scope, [['word', EAST]]));
        }
        await index.deleteSource('cv', 'doc_1');
        await index.deleteSource('cv', 'doc_1');
        await index.deleteSource('cv', 'doc_never');
        for (const scope of [CV, second]) {
          expect(await textsOf(scope)).toEqual([]);
          expect(await index.hasSource(scope)).toBe(false);
        }
        for (const other of others.filter(({ version }) => version === CV.version)) {
          expect(await index.hasSource(other)).toBe(true);
        }
      });

      it('refuse passages that belong to another', async () => {
        for (const other of others) {
          const strays = passagesOf(other, [['word', EAST]]);
          await expect(index.replaceSource(CV, strays)).rejects.toMatchObject({
            code: 'invalid_passage',
          });
        }
        expect(await index.hasSource(CV)).toBe(false);
      });

      it('refuse two passages of one ordinal', async () => {
        const [passage] = passagesOf(CV, [['word', EAST]]);
        if (passage === undefined) throw new Error('There is one.');
        await expect(index.replaceSource(CV, [passage, passage])).rejects.toMatchObject({
          code: 'invalid_passage',
        });
      });
    });

    describe('another embedding model', () => {
      it('finds none of the passages of the former, until it replaces them', async () => {
        await index.replaceSource(CV, passagesOf(CV, PASSAGES));
        const other = await subject.open('model-b');
        expect(await other.hasSource(CV)).toBe(false);
        for (const mode of MODES) {
          const query = queryOf(CV, { text: 'payments', vector: [1, 0], mode });
          expect(await other.search(query)).toEqual([]);
        }
        await other.replaceSource(CV, passagesOf(CV, [['payments again', [0, 1]]]));
        expect(await other.hasSource(CV)).toBe(true);
        const hits = await other.search(queryOf(CV, { text: 'payments', vector: [0, 1] }));
        expect(hits.map(({ text }) => text)).toEqual(['payments again']);
      });

      it('deletes a source for every model: what is erased stays erased', async () => {
        await index.replaceSource(CV, passagesOf(CV, PASSAGES));
        const other = await subject.open('model-b');
        await other.deleteSource('cv', 'doc_1');
        expect(await index.hasSource(CV)).toBe(false);
        expect(await index.search(queryOf(CV, { vector: EAST }))).toEqual([]);
      });
    });

    it('keeps everything when it is opened again', async () => {
      await index.replaceSource(CV, passagesOf(CV, PASSAGES));
      const query = queryOf(CV, { text: 'insinyur', vector: NORTH_EAST });
      const before = await index.search(query);
      await index.close();
      await index.close();
      const again = await subject.open(MODEL);
      expect(before).toHaveLength(4);
      expect(await again.search(query)).toEqual(before);
      expect(await again.hasSource(CV)).toBe(true);
    });
  });
}
