import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createTemporaryStorage,
  passagesOf,
  queryOf,
  type TemporaryStorage,
} from '../testing/index.ts';

const SITI = { kind: 'cv', source: 'doc_siti', version: 'v1' } as const;
const BUDI = { kind: 'cv', source: 'doc_budi', version: 'v1' } as const;

describe('the SQLite search index', () => {
  let storage: TemporaryStorage;

  beforeEach(async () => {
    storage = await createTemporaryStorage();
    await storage.search.replaceSource(
      SITI,
      passagesOf(SITI, [
        ['Kubernetes in production, and Kafka', [1, 0]],
        ['Kafka at home', [0, 1]],
        ['mountains', [1, 1]],
        ['photography', [1, 2]],
      ]),
    );
  });
  afterEach(() => storage.dispose());

  it('ranks and scores a candidate alike, whatever others upload', async () => {
    const query = queryOf(SITI, { text: 'kubernetes kafka', vector: [1, 0] });
    const before = await storage.search.search({ ...query, mode: 'text' });
    const hybridBefore = await storage.search.search(query);
    const common = Array.from({ length: 50 }, () => ['kubernetes kubernetes', [1, 0]] as const);
    await storage.search.replaceSource(BUDI, passagesOf(BUDI, common));
    expect(before.map(({ ordinal }) => ordinal)).toEqual([0, 1]);
    expect(await storage.search.search({ ...query, mode: 'text' })).toEqual(before);
    expect(await storage.search.search(query)).toEqual(hybridBefore);
  });

  it('keeps no words of one search for the next', async () => {
    await storage.search.search(queryOf(SITI, { text: 'kafka', mode: 'text' }));
    expect(storage.database.all('SELECT text FROM temp.search_text')).toEqual([]);
  });

  it('brings back text that is no whole Unicode, and finds its words', async () => {
    const text = 'cut \ud83c in \u0000 half';
    await storage.search.replaceSource(BUDI, passagesOf(BUDI, [[text, [1, 0]]]));
    const hits = await storage.search.search(queryOf(BUDI, { text: 'cut', mode: 'text' }));
    expect(hits.map((hit) => hit.text)).toEqual([text]);
  });

  it('leaves no words of an erased source in the file', async () => {
    const holders = async (): Promise<string[]> => {
      storage.database.get('PRAGMA wal_checkpoint(TRUNCATE)');
      const names = (await readdir(storage.folder)).filter((name) => name.startsWith('berkas.db'));
      const contents = await Promise.all(
        names.map((name) => readFile(join(storage.folder, name), 'latin1')),
      );
      return names.filter((_, position) => contents[position]?.includes('photography'));
    };
    expect(await holders()).toEqual(['berkas.db']);
    await storage.search.deleteSource('cv', 'doc_siti');
    expect(await holders()).toEqual([]);
  });

  it('drops the passages of every model when their source is replaced', async () => {
    storage.database.run("UPDATE search_passages SET embedding_model = 'former'");
    await storage.search.replaceSource(SITI, passagesOf(SITI, [['new', [1, 0, 0]]]));
    expect(storage.database.all('SELECT DISTINCT embedding_model FROM search_passages')).toEqual([
      { embedding_model: 'test-embedding-model' },
    ]);
  });

  it('changes nothing when a replacement fails half way', async () => {
    storage.database.run(
      `CREATE TRIGGER full BEFORE INSERT ON search_passages WHEN NEW.ordinal = 1
       BEGIN SELECT RAISE(ABORT, 'no more'); END`,
    );
    const two = passagesOf(SITI, [
      ['one', [1, 0]],
      ['two', [1, 0]],
    ]);
    await expect(storage.search.replaceSource(SITI, two)).rejects.toThrow('no more');
    expect(await storage.search.search(queryOf(SITI, { vector: [1, 0] }))).toHaveLength(4);
  });
});
