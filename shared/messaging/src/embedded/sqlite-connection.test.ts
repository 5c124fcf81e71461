import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  guarded,
  inTransaction,
  openConnection,
  type SqliteConnection,
} from './sqlite-connection.ts';

describe('What SQLite refuses the log', () => {
  let folder: string;
  let connection: SqliteConnection;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berkas-log-'));
    connection = openConnection(join(folder, 'berkas.db'));
    connection.exec('CREATE TABLE t (body BLOB)');
  });
  afterEach(async () => {
    connection.close();
    await rm(folder, { recursive: true });
  });

  const add = (bytes: number) =>
    inTransaction(connection, () => connection.exec(`INSERT INTO t VALUES (zeroblob(${bytes}))`));
  const unavailable = (message: RegExp) =>
    expect.objectContaining({
      code: 'bus_unavailable',
      retryable: true,
      message: expect.stringMatching(message),
    });

  it('waits for room on a full disk, undoes what it began and goes on', () => {
    connection.exec('PRAGMA max_page_count = 2');
    expect(() => add(100_000)).toThrow(unavailable(/SQLITE_FULL.*Free some space/));
    expect(connection.inTransaction).toBe(false);
    connection.exec('PRAGMA max_page_count = 1000000');
    add(100_000);
  });

  it('waits for a disk that is read-only for now', () => {
    connection.exec('PRAGMA query_only = ON');
    expect(() => add(1)).toThrow(unavailable(/SQLITE_READONLY.*mount its disk writable/));
    connection.exec('PRAGMA query_only = OFF');
    add(1);
  });

  it('does not wait for what waiting does not mend', () => {
    expect(() => guarded(() => connection.exec('INSERT INTO nowhere VALUES (1)'))).toThrow(
      expect.objectContaining({ code: 'bus_failed', retryable: false }),
    );
  });

  it('says why a file cannot be opened', () => {
    expect(() => openConnection(join(folder, 'no', 'berkas.db'))).toThrow(
      expect.objectContaining({
        code: 'bus_failed',
        message: expect.stringMatching(/cannot be opened at .*: .*unable to open/i),
      }),
    );
  });
});
