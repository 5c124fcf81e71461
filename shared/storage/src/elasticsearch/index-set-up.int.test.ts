import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from '@elastic/elasticsearch';
import { passagesOf, queryOf } from '../testing/index.ts';
import { requiredVariable } from '../testing/required-variable.ts';
import { temporaryIndexes, type TemporaryIndexes } from '../testing/temporary-indexes.ts';
import type {
  CopyProgress,
  ElasticsearchSearchIndex,
} from './create-elasticsearch-search-index.ts';
import { passageMapping } from './passage-index.ts';

const node = requiredVariable(process.env, 'ELASTICSEARCH_URL');
const admin = new Client({ node });

const cvOf = (source: string) => ({ kind: 'cv', source, version: 'v1' }) as const;
const CV = cvOf('doc_1');

/** Two components for model-b: which text it was can be told from the vector. */
const embed = (texts: readonly string[]) =>
  Promise.resolve(texts.map((text) => [text.startsWith('east') ? 1 : 0, 1]));

afterAll(() => admin.close());

describe('The set-up of the search index', () => {
  let temporary: TemporaryIndexes;
  let former: ElasticsearchSearchIndex;
  let next: ElasticsearchSearchIndex;
  let formerName: string;
  let nextName: string;

  beforeEach(async () => {
    temporary = temporaryIndexes(admin, node);
    former = await temporary.open();
    next = await temporary.open({ embeddingModel: 'model-b', dimensions: 2 });
    formerName = `${temporary.indexPrefix}-model-a-3-000001`;
    nextName = `${temporary.indexPrefix}-model-b-2-000001`;
  });
  afterEach(() => temporary.dispose());

  const fill = (index: ElasticsearchSearchIndex, source: string, count: number, word = 'word') =>
    index.replaceSource(
      cvOf(source),
      passagesOf(
        cvOf(source),
        Array.from(
          { length: count },
          (_, ordinal) => [`${word} ${ordinal}`, index === next ? [1, 1] : [1, 1, 1]] as const,
        ),
      ),
    );

  /** Of every index its aliases, without the prefix. */
  async function aliases(): Promise<Record<string, string[]>> {
    const found = await admin.indices.getAlias({ index: `${temporary.indexPrefix}*` });
    return Object.fromEntries(
      Object.entries(found).map(([name, held]) => [
        name,
        Object.keys(held.aliases)
          .map((alias) => alias.slice(temporary.indexPrefix.length))
          .sort(),
      ]),
    );
  }

  /** Of the sources that there are in an index, the number of passages. */
  async function sourcesIn(index: string): Promise<Record<string, number>> {
    await admin.indices.refresh({ index });
    const { hits } = await admin.search<{ source: string }>({
      index,
      size: 5_000,
      _source: ['source'],
    });
    const counts: Record<string, number> = {};
    for (const { _source } of hits.hits) {
      const source = _source?.source ?? '';
      counts[source] = (counts[source] ?? 0) + 1;
    }
    return counts;
  }

  it('makes the first index once, however often and by however many it is asked', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => temporary.open()));
    await Promise.all([former, ...others].map((index) => index.ensureIndex()));
    await former.replaceSource(CV, passagesOf(CV, [['kept', [1, 0, 0]]]));
    expect(await former.ensureIndex()).toEqual({ index: formerName, outcome: 'kept', copied: 0 });
    expect(await aliases()).toEqual({ [formerName]: ['', '-current', '-model-a-3'] });
    expect(await former.hasSource(CV)).toBe(true);
    await former.ready();
  });

  it('says that it made it', async () => {
    expect(await former.ensureIndex()).toEqual({ index: formerName, outcome: 'made', copied: 0 });
  });

  it('names the index of a model after it, whatever the model is called', async () => {
    const other = await temporary.open({ embeddingModel: 'BAAI/bge-m3', dimensions: 4 });
    const { index } = await other.ensureIndex();
    expect(index).toMatch(/-baai-bge-m3-[0-9a-f]{8}-4-000001$/);
  });

  describe('for another model', () => {
    beforeEach(async () => {
      await former.ensureIndex();
    });

    it('embeds all passages anew, in batches, and moves the alias of the index in use', async () => {
      await fill(former, 'doc_1', 300, 'east');
      await fill(former, 'doc_2', 300, 'west');
      const batches: number[] = [];
      const progress: CopyProgress[] = [];
      const ensured = await next.ensureIndex({
        embed: (texts) => {
          batches.push(texts.length);
          return embed(texts);
        },
        onProgress: (told) => progress.push(told),
      });
      expect(ensured).toEqual({ index: nextName, outcome: 'rebuilt', copied: 600 });
      expect(batches.reduce((sum, size) => sum + size, 0)).toBe(600);
      expect(Math.max(...batches)).toBe(64);
      expect(progress).toEqual([
        { copied: 500, total: 600 },
        { copied: 600, total: 600 },
      ]);
      expect(await aliases()).toEqual({
        [formerName]: ['', '-model-a-3'],
        [nextName]: ['', '-current', '-model-b-2'],
      });
      const east = await next.search(queryOf(CV, { vector: [1, 1], mode: 'vector', limit: 400 }));
      expect(east).toHaveLength(300);
      expect(east[0]).toMatchObject({ id: 'doc_1@v1#0', text: 'east 0', page: 1, ordinal: 0 });
      expect(east[0]?.score).toBeCloseTo(1, 5);
      const west = queryOf(cvOf('doc_2'), { vector: [1, 1], mode: 'vector' });
      expect((await next.search(west))[0]?.score).toBeCloseTo(Math.SQRT1_2, 5);
      expect(await next.ensureIndex()).toEqual({ index: nextName, outcome: 'kept', copied: 0 });
    });

    it('leaves the former index to its services', async () => {
      await fill(former, 'doc_1', 2);
      await next.ensureIndex({ embed });
      await fill(former, 'doc_2', 2);
      await former.ready();
      expect(await former.search(queryOf(CV, { text: 'word', mode: 'text' }))).toHaveLength(2);
      expect(await former.hasSource(cvOf('doc_2'))).toBe(true);
      expect(await next.hasSource(cvOf('doc_2'))).toBe(false);
    });

    it('needs nothing embedded where there are no passages', async () => {
      expect(await next.ensureIndex()).toMatchObject({ outcome: 'rebuilt', copied: 0 });
    });

    it('rejects without an embedder, and names both models', async () => {
      await fill(former, 'doc_1', 1);
      await expect(next.ensureIndex()).rejects.toMatchObject({
        code: 'storage_unusable',
        retryable: false,
        message:
          'The index in use is of the model model-a. For the model model-b its passages have to be ' +
          'embedded anew: run `berkas setup`.',
      });
      await expect(next.ready()).rejects.toMatchObject({ code: 'storage_unusable' });
      expect((await aliases())[formerName]).toContain('-current');
    });

    it('goes back to the former for the few passages that it lacks', async () => {
      await fill(former, 'doc_1', 3);
      await next.ensureIndex({ embed });
      await fill(next, 'doc_2', 2, 'new');
      await fill(former, 'doc_3', 1);
      const texts: string[] = [];
      const back = await former.ensureIndex({
        embed: (asked) => {
          texts.push(...asked);
          return Promise.resolve(asked.map(() => [1, 0, 0]));
        },
      });
      expect(back).toEqual({ index: formerName, outcome: 'rebuilt', copied: 2 });
      expect(texts).toEqual(['new 0', 'new 1']);
      expect(await aliases()).toEqual({
        [formerName]: ['', '-current', '-model-a-3'],
        [nextName]: ['', '-model-b-2'],
      });
      expect(await sourcesIn(formerName)).toEqual({ doc_1: 3, doc_2: 2, doc_3: 1 });
    });

    it('embeds a passage anew whose text is no longer the same', async () => {
      await fill(former, 'doc_1', 2, 'old');
      await next.ensureIndex({ embed });
      await fill(next, 'doc_1', 2, 'new');
      const back = await former.ensureIndex({
        embed: (asked) => Promise.resolve(asked.map(() => [1, 0, 0])),
      });
      expect(back.copied).toBe(2);
      expect(await former.search(queryOf(CV, { text: 'new', mode: 'text' }))).toHaveLength(2);
      expect(await former.search(queryOf(CV, { text: 'old', mode: 'text' }))).toHaveLength(0);
    });

    it('goes on after an interruption with what is missing', async () => {
      await fill(former, 'doc_1', 100);
      const failure = new Error('no answer');
      let calls = 0;
      const failing = (texts: readonly string[]) =>
        (calls += 1) === 2 ? Promise.reject(failure) : embed(texts);
      await expect(next.ensureIndex({ embed: failing })).rejects.toBe(failure);
      await expect(next.ready()).rejects.toMatchObject({ code: 'storage_unusable' });
      await expect(next.hasSource(CV)).rejects.toMatchObject({ code: 'storage_unusable' });
      expect((await aliases())[formerName]).toContain('-current');
      expect(await next.ensureIndex({ embed })).toMatchObject({ outcome: 'rebuilt', copied: 36 });
      expect(await sourcesIn(nextName)).toEqual({ doc_1: 100 });
    });

    it('copies what is written while it copies', async () => {
      await fill(former, 'doc_2', 2);
      let calls = 0;
      const ensured = await next.ensureIndex({
        embed: async (texts) => {
          // Before the place that was read: the first pass never sees it.
          if ((calls += 1) === 1) await fill(former, 'doc_1', 1);
          return embed(texts);
        },
      });
      expect(ensured.copied).toBe(3);
      expect(await next.hasSource(CV)).toBe(true);
    });

    it('brings nothing back that is deleted between reading and writing', async () => {
      await fill(former, 'doc_1', 10);
      await fill(former, 'doc_2', 90);
      let calls = 0;
      const interrupted = async (texts: readonly string[]) => {
        // The second call ends it, so that nothing later can set right what the first did.
        if ((calls += 1) === 2) throw new Error('no answer');
        await former.deleteSource('cv', 'doc_1');
        return embed(texts);
      };
      await expect(next.ensureIndex({ embed: interrupted })).rejects.toThrow('no answer');
      expect(await sourcesIn(nextName)).toEqual({ doc_2: 54 });
      await next.ensureIndex({ embed });
      expect(await sourcesIn(nextName)).toEqual({ doc_2: 90 });
    });

    it('deletes from an index that is not whole yet', async () => {
      await fill(former, 'doc_1', 100);
      let calls = 0;
      const failing = (texts: readonly string[]) =>
        (calls += 1) === 2 ? Promise.reject(new Error('no answer')) : embed(texts);
      await expect(next.ensureIndex({ embed: failing })).rejects.toThrow('no answer');
      await former.deleteSource('cv', 'doc_1');
      expect(await sourcesIn(nextName)).toEqual({});
    });

    it('removes what an interrupted copy brought back, and nothing that a service wrote', async () => {
      await fill(former, 'doc_1', 1);
      await next.ensureIndex({ embed });
      await former.ensureIndex({ embed });
      await fill(next, 'doc_3', 1);
      const { hits } = await admin.search<object>({ index: nextName, query: { term: CV_TERM } });
      const left = { ...hits.hits[0]?._source, source: 'doc_2', copiedFrom: formerName };
      await admin.index({ index: nextName, id: 'left', document: left });
      await next.ensureIndex({ embed });
      expect(await sourcesIn(nextName)).toEqual({ doc_1: 1, doc_3: 1 });
    });

    it('can be done by several at once', async () => {
      await fill(former, 'doc_1', 150);
      const others = await Promise.all(
        Array.from({ length: 2 }, () =>
          temporary.open({ embeddingModel: 'model-b', dimensions: 2 }),
        ),
      );
      const ensured = await Promise.all(
        [next, ...others].map((index) => index.ensureIndex({ embed })),
      );
      expect(ensured.filter(({ outcome }) => outcome === 'rebuilt')).toHaveLength(1);
      expect(await sourcesIn(nextName)).toEqual({ doc_1: 150 });
      expect((await aliases())[nextName]).toEqual(['', '-current', '-model-b-2']);
    });

    it.each([
      ['of another length', [[1, 2, 3]], 'vector_length_mismatch'],
      ['that are missing', [], 'invalid_passage'],
      ['that hold more than numbers', [[NaN, 1]], 'invalid_passage'],
    ])('refuses vectors %s', async (_title, vectors, code) => {
      await fill(former, 'doc_1', 1);
      const wrong = () => Promise.resolve(vectors);
      await expect(next.ensureIndex({ embed: wrong })).rejects.toMatchObject({ code });
      expect(await sourcesIn(nextName)).toEqual({});
    });
  });

  it('leaves one index in use when two models are set up at once, and both can go on', async () => {
    await Promise.all([former.ensureIndex({ embed }), next.ensureIndex({ embed })]);
    await Promise.all([former.ready(), next.ready()]);
    const all = Object.values(await aliases()).flat();
    expect(all.filter((alias) => alias === '-current')).toHaveLength(1);
  });

  it('chooses one of two indexes that two set-ups had put to use', async () => {
    await former.ensureIndex();
    await next.ensureIndex();
    const alias = `${temporary.indexPrefix}-current`;
    await admin.indices.putAlias({ index: formerName, name: alias });
    await next.ensureIndex();
    expect(await aliases()).toEqual({
      [formerName]: ['', '-model-a-3'],
      [nextName]: ['', '-current', '-model-b-2'],
    });
  });

  it('refuses an index of another mapping, and says what to do', async () => {
    await former.ensureIndex();
    await admin.indices.delete({ index: formerName });
    const { _meta, ...older } = passageMapping('model-a', 3);
    await admin.indices.create({
      index: formerName,
      aliases: { [temporary.indexPrefix]: {}, [`${temporary.indexPrefix}-model-a-3`]: {} },
      mappings: { ...older, _meta: { ..._meta, mappingVersion: 0 } },
    });
    await expect(former.ensureIndex()).rejects.toMatchObject({
      code: 'storage_unusable',
      retryable: false,
      message:
        `The index ${formerName} was made for another version of Berkas ` +
        '(_meta.mappingVersion is 0, not 1): delete it and run `berkas setup`. ' +
        'Passages are indexed again when an evaluation needs them.',
    });
  });
});

const CV_TERM = { source: 'doc_1' };
