import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import Database from 'libsql';
import type { EventBus } from '../event-bus.ts';
import { eventBusContract, eventually, type EventBusHarness } from '../testing/index.ts';
import { createSqliteEventBus } from './sqlite-event-bus.ts';

const logger = createLogger({ level: 'silent' });
const DATABASE_FILES = ['berkas.sqlite', 'berkas.sqlite-wal'];

async function createHarness(): Promise<EventBusHarness> {
  const folders: string[] = [];
  const buses: EventBus[] = [];
  const open = (folder: string): EventBus => {
    const bus = createSqliteEventBus({ path: join(folder, 'berkas.sqlite'), logger });
    buses.push(bus);
    return bus;
  };
  const newFolder = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'berkas-bus-'));
    folders.push(folder);
    return folder;
  };
  let folder = await newFolder();
  const bus = open(folder);

  return {
    bus,
    createTopic: () => Promise.resolve(`topic-${randomUUID()}`),
    async reopen() {
      await buses.at(-1)?.close();
      return open(folder);
    },
    // What a killed process leaves is its files; the copy is theirs, and the old bus cannot touch it.
    async crash() {
      const copy = await newFolder();
      for (const name of DATABASE_FILES) await copyFile(join(folder, name), join(copy, name));
      folder = copy;
      return open(copy);
    },
    async dispose() {
      await Promise.all(buses.map((opened) => opened.close()));
      for (const made of folders) await rm(made, { recursive: true });
    },
  };
}

eventBusContract('the SQLite log', createHarness);

describe('the SQLite log beside other stores', () => {
  let folder: string;
  let path: string;
  let bus: EventBus;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berkas-bus-'));
    path = join(folder, 'berkas.sqlite');
    bus = createSqliteEventBus({ path, logger });
  });
  afterEach(async () => {
    await bus.close();
    await rm(folder, { recursive: true });
  });
  const message = (key: string) => ({ topic: 't', key, headers: {}, value: new Uint8Array([1]) });

  it('names its tables with its own prefix', () => {
    const names = new Database(path)
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
      .all()
      .map((row) => (row as { name: string }).name);
    expect(names.sort()).toEqual(['bus_messages', 'bus_positions', 'bus_topics']);
  });

  it('says that it is unavailable while another connection holds the file, and recovers', async () => {
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(bus.publish([message('a')])).rejects.toMatchObject({
      code: 'bus_unavailable',
      retryable: true,
    });
    other.exec('ROLLBACK');
    await bus.publish([message('a')]);
    other.close();
  });

  it('goes on committing after a time in which it could not', async () => {
    const other = new Database(path);
    let handled = 0;
    const subscription = await bus.subscribe({
      group: 'g',
      topic: 't',
      concurrency: 1,
      onMessage: () => {
        if (handled === 0) other.exec('BEGIN IMMEDIATE');
        handled += 1;
        return Promise.resolve();
      },
    });
    await bus.publish([message('a')]);
    await eventually(() => subscription.health().status === 'failed');
    other.exec('ROLLBACK');
    await eventually(() => subscription.health().status === 'ok');
    expect(await subscription.lag()).toBe(0);
    expect(handled).toBe(1);
    other.close();
  });

  it('refuses a path where no database can be', () => {
    expect(() => createSqliteEventBus({ path: join(folder, 'no', 'x.sqlite'), logger })).toThrow(
      expect.objectContaining({ code: 'bus_failed' }),
    );
  });
});
