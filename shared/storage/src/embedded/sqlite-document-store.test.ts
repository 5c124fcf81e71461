import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTemporaryStorage, type TemporaryStorage } from '../testing/index.ts';

type Row = { readonly id: string; readonly status: string; readonly note?: string };
const DEFINITION = { name: 'read-model', indexes: ['status'] } as const;

describe('the SQLite document store', () => {
  let storage: TemporaryStorage;

  beforeEach(async () => {
    storage = await createTemporaryStorage();
  });
  afterEach(() => storage.dispose());

  it('finds by an index and in its order, not by reading every document', async () => {
    await storage.documents.collection<Row>(DEFINITION);
    const [step, ...more] = storage.database.all(
      `EXPLAIN QUERY PLAN SELECT body FROM "documents_read-model"
       WHERE json_extract(body, '$.status') = ? AND id > ? ORDER BY id LIMIT ?`,
      'queued',
      'a',
      10,
    );
    expect(step?.['detail']).toContain('USING INDEX documents_read-model/status');
    expect(more).toEqual([]);
  });

  it('brings back text that is no whole Unicode', async () => {
    const rows = await storage.documents.collection<Row>(DEFINITION);
    const row: Row = { id: 'a', status: 'queued', note: 'cut in half: \ud83c' };
    await rows.put(row);
    expect(await rows.get('a')).toStrictEqual(row);
  });

  it('answers from modify what is stored, without what JSON has no word for', async () => {
    const rows = await storage.documents.collection<Row>(DEFINITION);
    const withGap = { id: 'a', status: 'queued', note: undefined } as unknown as Row;
    expect(await rows.modify('a', () => withGap)).toStrictEqual({ id: 'a', status: 'queued' });
  });

  it('does not make a call begun inside a change part of its transaction', async () => {
    const rows = await storage.documents.collection<Row>(DEFINITION);
    let inner: Promise<void> | undefined;
    const failing = rows.modify('a', () => {
      inner = rows.put({ id: 'b', status: 'queued' });
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    await inner;
    expect(await rows.get('b')).toEqual({ id: 'b', status: 'queued' });
  });

  it('leaves the database open when it is closed: others use it', async () => {
    await storage.documents.close();
    expect(storage.database.get('SELECT 1 AS one')).toEqual({ one: 1 });
  });

  it('says that the database was closed', async () => {
    const rows = await storage.documents.collection<Row>(DEFINITION);
    storage.database.close();
    await expect(rows.get('a')).rejects.toMatchObject({ code: 'storage_closed' });
  });
});
