import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from './database.ts';

describe('the embedded database', () => {
  let folder: string;
  let path: string;
  let database: Database;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berkas-database-'));
    path = join(folder, 'data', 'berkas.db');
    database = openDatabase({ path });
    database.run('CREATE TABLE items (id TEXT PRIMARY KEY, size REAL)');
  });
  afterEach(async () => {
    database.close();
    await rm(folder, { recursive: true });
  });

  const idsIn = (connection: Database): unknown[] =>
    connection.all('SELECT id FROM items ORDER BY id').map(({ id }) => id);
  const insert = (connection: Database, id: string): number =>
    connection.run('INSERT INTO items (id, size) VALUES (?, ?)', id, 0.5);

  it('is made in a folder that only its owner enters, and writes ahead', async () => {
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
    expect(database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(database.get('PRAGMA synchronous')).toEqual({ synchronous: 1 });
    expect(database.get('PRAGMA busy_timeout')).toEqual({ timeout: 5_000 });
  });

  it('answers rows of their columns alone, and the number of changes', () => {
    expect(insert(database, 'a')).toBe(1);
    expect(database.get('SELECT * FROM items')).toStrictEqual({ id: 'a', size: 0.5 });
    expect(database.all('SELECT * FROM items')).toStrictEqual([{ id: 'a', size: 0.5 }]);
    expect(database.get('SELECT * FROM items WHERE id = ?', 'b')).toBeUndefined();
    expect(database.run('DELETE FROM items WHERE id = ?', 'b')).toBe(0);
  });

  it('commits a transaction when its work returns', () => {
    const answer = database.transaction(() => {
      insert(database, 'a');
      insert(database, 'b');
      return 'done';
    });
    expect(answer).toBe('done');
    const other = openDatabase({ path });
    expect(idsIn(other)).toEqual(['a', 'b']);
    other.close();
  });

  it('undoes a transaction whose work throws, and goes on', () => {
    const failure = new Error('half way');
    expect(() =>
      database.transaction(() => {
        insert(database, 'a');
        throw failure;
      }),
    ).toThrow(failure);
    insert(database, 'b');
    expect(idsIn(database)).toEqual(['b']);
  });

  it('refuses a transaction inside another', () => {
    expect(() => database.transaction(() => database.transaction(() => 1))).toThrow(
      'Transactions do not nest.',
    );
    expect(database.transaction(() => 1)).toBe(1);
  });

  it('reads one state in a snapshot, and undoes what is written in it', () => {
    const other = openDatabase({ path });
    database.run('CREATE TABLE temp.scratch (id TEXT)');
    const [before, after] = database.snapshot(() => {
      database.run("INSERT INTO temp.scratch (id) VALUES ('x')");
      const first = idsIn(database);
      insert(other, 'meanwhile');
      return [first, idsIn(database)];
    });
    expect(before).toEqual([]);
    expect(after).toEqual([]);
    expect(idsIn(database)).toEqual(['meanwhile']);
    expect(database.all('SELECT * FROM temp.scratch')).toEqual([]);
    other.close();
  });

  it('says that another writer holds it, so that the call can be tried again', () => {
    const other = openDatabase({ path, busyTimeoutMs: 0 });
    database.transaction(() => {
      expect(() => other.transaction(() => 1)).toThrow(
        expect.objectContaining({ code: 'storage_busy', retryable: true }),
      );
    });
    expect(other.transaction(() => insert(other, 'a'))).toBe(1);
    other.close();
  });

  it('says that the disk is full, undoes the transaction and goes on', () => {
    const { page_count: pages } = database.get('PRAGMA page_count') ?? {};
    database.get(`PRAGMA max_page_count = ${Number(pages)}`);
    expect(() => database.transaction(() => insert(database, 'x'.repeat(100_000)))).toThrow(
      expect.objectContaining({ code: 'storage_full', retryable: true }),
    );
    expect(idsIn(database)).toEqual([]);
    expect(insert(database, 'small')).toBe(1);
  });

  it('leaves a mistake in SQL what it is: a bug', () => {
    expect(() => database.run('SELEKT 1')).toThrow(
      expect.objectContaining({ name: 'SqliteError' }),
    );
  });

  it('says that it was closed, and closes twice without complaint', () => {
    database.close();
    database.close();
    const closed = expect.objectContaining({ code: 'storage_closed', retryable: false });
    expect(() => database.get('SELECT 1')).toThrow(closed);
    expect(() => database.transaction(() => 1)).toThrow(closed);
  });

  it('refuses a file that is no database, and a folder', async () => {
    const unusable = expect.objectContaining({ code: 'storage_unusable', retryable: false });
    await writeFile(join(folder, 'letter.txt'), 'Dear reader, '.repeat(500));
    await mkdir(join(folder, 'drawer'));
    expect(() => openDatabase({ path: join(folder, 'letter.txt') })).toThrow(unusable);
    expect(() => openDatabase({ path: join(folder, 'drawer') })).toThrow(unusable);
    expect(() => openDatabase({ path: join(folder, 'letter.txt', 'berkas.db') })).toThrow(unusable);
  });
});
