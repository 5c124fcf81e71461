import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { passagesOf, queryOf } from '../testing/index.ts';
import { openDatabase } from './database.ts';
import { createFileBlobStore } from './file-blob-store.ts';
import { createSqliteDocumentStore } from './sqlite-document-store.ts';
import { createSqliteSearchIndex } from './sqlite-search-index.ts';

const SCOPE = { kind: 'cv', source: 'doc_1', version: 'v1' } as const;
const embeddingModel = 'model';

/** Stores one of each, begins another blob and another transaction, and dies at once. */
const PROGRAM = `
import * as storage from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
const [folder, passages] = JSON.parse(process.argv[1]);
const database = storage.openDatabase({ path: folder + '/berkas.db' });
const blobs = storage.createFileBlobStore({ folder: folder + '/blobs' });
const documents = storage.createSqliteDocumentStore({ database });
const search = storage.createSqliteSearchIndex({ database, embeddingModel: 'model' });
const collection = await documents.collection({ name: 'things', indexes: [] });
await blobs.put('kept', new Uint8Array([1, 2, 3]));
await search.replaceSource({ kind: 'cv', source: 'doc_1', version: 'v1' }, passages);
await collection.put({ id: 'kept' });
await blobs.put('half', (async function* () {
  yield new Uint8Array(1_000_000);
  await collection.modify('half', () => {
    database.run("INSERT INTO documents_things (id, body) VALUES ('half', '{}')");
    process.kill(process.pid, 'SIGKILL');
    for (;;);
  });
})());
`;

describe('embedded storage of a process that is killed', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berkas-crash-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('holds all that was acknowledged and nothing that was half done', async () => {
    const argument = JSON.stringify([folder, passagesOf(SCOPE, [['still here', [1, 0]]])]);
    const flags = ['--import', 'tsx', '--conditions', 'source', '--input-type=module', '-e'];
    const child = spawn(process.execPath, [...flags, PROGRAM, argument], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(await readdir(join(folder, 'blobs', 'incoming'))).toHaveLength(1);

    const database = openDatabase({ path: join(folder, 'berkas.db') });
    const blobs = createFileBlobStore({ folder: join(folder, 'blobs') });
    const documents = createSqliteDocumentStore({ database });
    const search = createSqliteSearchIndex({ database, embeddingModel });
    const things = await documents.collection({ name: 'things', indexes: [] });
    expect([...(await blobs.get('kept'))]).toEqual([1, 2, 3]);
    expect(await blobs.exists('half')).toBe(false);
    expect(await readdir(join(folder, 'blobs', 'incoming'))).toEqual([]);
    expect(await things.find()).toEqual([{ id: 'kept' }]);
    expect(await search.search(queryOf(SCOPE, { text: 'still', vector: [1, 0] }))).toHaveLength(1);
    database.close();
  });
});
