import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from '@elastic/elasticsearch';
import { passagesOf, queryOf, searchIndexContract } from '../testing/index.ts';
import { requiredVariable } from '../testing/required-variable.ts';
import { temporaryIndexes, type TemporaryIndexes } from '../testing/temporary-indexes.ts';
import { openFaultyConnection, type FaultyConnection } from '../testing/toxiproxy.ts';
import type { ElasticsearchSearchIndex } from './create-elasticsearch-search-index.ts';
import { openElasticsearchSearchIndex } from './elasticsearch-search-index.ts';

const node = requiredVariable(process.env, 'ELASTICSEARCH_URL');
const toxiproxyUrl = requiredVariable(process.env, 'TOXIPROXY_URL');

const admin = new Client({ node });
const CV = { kind: 'cv', source: 'doc_1', version: 'v1' } as const;
const EAST = [1, 0, 0];

afterAll(() => admin.close());

searchIndexContract('The Elasticsearch search index', async () => {
  const temporary = temporaryIndexes(admin, node);
  const openModel = (embeddingModel: string): Promise<ElasticsearchSearchIndex> =>
    // The suite's second model has shorter vectors.
    temporary.open({ embeddingModel, dimensions: embeddingModel === 'model-b' ? 2 : 3 });
  // While they are empty: a set-up later would copy passages from one to the other.
  for (const model of ['model-b', 'model-a']) await (await openModel(model)).ensureIndex();
  return { open: openModel, dispose: () => temporary.dispose() };
});

describe('The Elasticsearch search index', () => {
  let temporary: TemporaryIndexes;
  let index: ElasticsearchSearchIndex;

  beforeEach(async () => {
    temporary = temporaryIndexes(admin, node);
    index = await temporary.open();
    await index.ensureIndex();
  });
  afterEach(() => temporary.dispose());

  const manyPassages = (count: number, word = 'word') =>
    passagesOf(
      CV,
      Array.from(
        { length: count },
        (_, ordinal) => [`${word} ${ordinal}`, [1, ordinal, 0]] as const,
      ),
    );
  const countInIndex = async (): Promise<number> =>
    (await admin.count({ index: temporary.indexPrefix })).count;

  it('says that the index is missing, and never makes it by writing', async () => {
    const homeless = await temporary.open({ embeddingModel: 'model-c' });
    const refusal = {
      code: 'storage_unusable',
      retryable: false,
      message: 'There is no index for the model model-c (3 dimensions): run `berkas setup`.',
    };
    const passages = passagesOf(CV, [['word', EAST]]);
    await expect(homeless.ready()).rejects.toMatchObject(refusal);
    await expect(homeless.replaceSource(CV, passages)).rejects.toMatchObject(refusal);
    await expect(homeless.search(queryOf(CV, { vector: EAST }))).rejects.toMatchObject(refusal);
    await expect(homeless.hasSource(CV)).rejects.toMatchObject(refusal);
    expect(await admin.indices.exists({ index: `${temporary.indexPrefix}-model-c-3` })).toBe(false);
  });

  it('refuses vectors of another length than the index has, while it is empty too', async () => {
    const mismatch = { code: 'vector_length_mismatch', retryable: false };
    const passages = passagesOf(CV, [['word', [1, 0]]]);
    await expect(index.replaceSource(CV, passages)).rejects.toMatchObject(mismatch);
    await expect(index.search(queryOf(CV, { vector: [1, 0] }))).rejects.toMatchObject(mismatch);
  });

  it('replaces a source of several requests, and leaves nothing of it behind', async () => {
    await index.replaceSource(CV, manyPassages(2_300));
    expect(await countInIndex()).toBe(2_300);
    const hits = await index.search(queryOf(CV, { text: '2299', mode: 'text' }));
    expect(hits.map(({ ordinal }) => ordinal)).toEqual([2_299]);
    await index.replaceSource(CV, manyPassages(2));
    expect(await countInIndex()).toBe(2);
    await index.replaceSource(CV, manyPassages(2_300));
    await index.deleteSource('cv', 'doc_1');
    expect(await countInIndex()).toBe(0);
  });

  it('stores passages once that are stored many times at once', async () => {
    const others = await Promise.all(Array.from({ length: 5 }, () => temporary.open()));
    await Promise.all(others.map((other) => other.replaceSource(CV, manyPassages(60))));
    expect(await countInIndex()).toBe(60);
    const hits = await index.search(queryOf(CV, { text: 'word', vector: EAST, limit: 100 }));
    expect(hits).toHaveLength(60);
  });

  it('never shows an empty source while it is replaced', async () => {
    await index.replaceSource(CV, manyPassages(20, 'old'));
    const lengths: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const replacing = index.replaceSource(CV, manyPassages(20 - turn, 'new'));
      for (let asked = 0; asked < 10; asked += 1) {
        lengths.push((await index.search(queryOf(CV, { vector: EAST, limit: 50 }))).length);
      }
      await replacing;
    }
    expect(lengths).toHaveLength(40);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(17);
  });

  it('gives back a long passage and one of broken Unicode', async () => {
    const texts = ['kata '.repeat(40_000), 'broken \ud800 here'];
    await index.replaceSource(
      CV,
      passagesOf(
        CV,
        texts.map((text) => [text, EAST] as const),
      ),
    );
    const hits = await index.search(queryOf(CV, { vector: EAST, mode: 'vector' }));
    expect(hits.map(({ text }) => text)).toEqual(texts);
  });

  it('scores by the cosine', async () => {
    const contents = [EAST, [1, 1, 0], [0, 1, 0], [-1, 0, 0]].map(
      (vector) => ['', vector] as const,
    );
    await index.replaceSource(CV, passagesOf(CV, contents));
    const hits = await index.search(queryOf(CV, { vector: EAST, mode: 'vector' }));
    const expected = [1, Math.SQRT1_2, 0, -1];
    hits.forEach(({ score }, place) => expect(score).toBeCloseTo(expected[place] ?? NaN, 5));
    expect(hits).toHaveLength(4);
  });

  it('says that it is closed', async () => {
    await index.close();
    await expect(index.hasSource(CV)).rejects.toMatchObject({
      code: 'storage_closed',
      retryable: false,
    });
  });

  it.each([
    { indexPrefix: 'Upper' },
    { indexPrefix: 'a_*' },
    { indexPrefix: 'a-current' },
    { node: 'no address' },
  ])('does not open with %j', (wrong) => {
    const options = { node, indexPrefix: 'x', embeddingModel: 'm', dimensions: 3, timeoutMs: 1 };
    expect(() => openElasticsearchSearchIndex({ ...options, ...wrong })).toThrow(
      expect.objectContaining({ code: 'storage_unusable', retryable: false }),
    );
  });

  describe('behind a bad connection', () => {
    const unavailable = { code: 'storage_unavailable', retryable: true };
    let connection: FaultyConnection;
    let remote: ElasticsearchSearchIndex;

    beforeAll(async () => {
      connection = await openFaultyConnection(toxiproxyUrl, node);
    });
    beforeEach(async () => {
      remote = await temporary.open({ node: `http://${connection.address}`, timeoutMs: 1_500 });
      await remote.replaceSource(CV, manyPassages(3));
    });
    afterEach(() => connection.heal());
    afterAll(() => connection.dispose());

    it.each([
      ['stalls', () => connection.stall()],
      ['is cut', () => connection.cut()],
      ['is slower than the deadline', () => connection.slowDown(5_000)],
    ])('that %s rejects each call as retryable, and recovers', async (_title, harm) => {
      await harm();
      const query = queryOf(CV, { text: 'word', vector: EAST });
      await expect(remote.search(query)).rejects.toMatchObject(unavailable);
      await expect(remote.hasSource(CV)).rejects.toMatchObject(unavailable);
      await expect(remote.replaceSource(CV, manyPassages(4))).rejects.toMatchObject(unavailable);
      await expect(remote.deleteSource('cv', 'doc_2')).rejects.toMatchObject(unavailable);
      await expect(remote.ensureIndex()).rejects.toMatchObject(unavailable);
      await expect(remote.ready()).rejects.toMatchObject(unavailable);
      await connection.heal();
      await remote.ready();
      await remote.replaceSource(CV, manyPassages(2));
      expect(await remote.search(query)).toHaveLength(2);
    });

    it('works as ever when it is slow, but faster than the deadline', async () => {
      await connection.slowDown(100);
      expect(await remote.search(queryOf(CV, { text: 'word', vector: EAST }))).toHaveLength(3);
    });
  });
});
