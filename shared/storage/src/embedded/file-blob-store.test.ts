import { mkdtemp, open as openFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFileBlobStore } from './file-blob-store.ts';

const MEBIBYTE = 1024 * 1024;
/** Above what any system gives to a process. */
const DEAD_PROCESS = 2 ** 31 - 2;

const systemError = (code: string): Error => Object.assign(new Error(`${code}: refused`), { code });

/** Opens files whose one method does something else first. */
const opening =
  (method: 'writeFile' | 'sync', before: () => void | Promise<void>): typeof openFile =>
  async (...parameters) => {
    const file = await openFile(...parameters);
    const original = file[method].bind(file) as (...given: unknown[]) => Promise<void>;
    const replaced = async (...given: unknown[]): Promise<void> => {
      await before();
      await original(...given);
    };
    return Object.assign(file, { [method]: replaced });
  };

describe('the file blob store', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berkas-blobs-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const incoming = (): Promise<string[]> => readdir(join(folder, 'incoming'));
  const leave = (name: string): Promise<void> => writeFile(join(folder, 'incoming', name), 'half');

  it('makes its folder, and files that only their owner reads', async () => {
    const nested = join(folder, 'deep', 'down');
    await createFileBlobStore({ folder: nested }).put('uploads/cv.pdf', new Uint8Array([1]));
    const modeOf = async (path: string): Promise<number> =>
      (await stat(join(nested, path))).mode & 0o777;
    expect(await modeOf('objects')).toBe(0o700);
    expect(await modeOf('objects/uploads')).toBe(0o700);
    expect(await modeOf('objects/uploads/cv.pdf')).toBe(0o600);
  });

  it('removes what a crash left half written, and nothing of a process that lives', async () => {
    const store = createFileBlobStore({ folder });
    await store.put('whole', new Uint8Array([1]));
    await leave(`${DEAD_PROCESS}-of-a-dead-process`);
    await leave(`${process.pid}-of-the-same-id-before`);
    await leave('of-nobody');
    await leave(`${process.ppid}-of-a-living-process`);
    const again = createFileBlobStore({ folder });
    expect(await incoming()).toEqual([`${process.ppid}-of-a-living-process`]);
    expect(await again.exists('whole')).toBe(true);
  });

  it('leaves nothing behind after a put, nor after one whose source fails', async () => {
    const store = createFileBlobStore({ folder });
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(MEBIBYTE);
      expect(await incoming()).toHaveLength(1);
      throw new Error('the sender hung up');
    }
    await expect(store.put('a/b', failing())).rejects.toThrow('the sender hung up');
    await store.put('c', new Uint8Array([1]));
    expect(await incoming()).toEqual([]);
    expect(await readdir(join(folder, 'objects'))).toEqual(['c']);
  });

  it('asks for the next chunk only when the last one is written', async () => {
    const happened: string[] = [];
    async function* source(): AsyncGenerator<Uint8Array> {
      for (const name of ['first', 'second', 'third']) {
        happened.push(`asked for the ${name}`);
        await Promise.resolve();
        yield new Uint8Array(MEBIBYTE);
      }
    }
    const open = opening('writeFile', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      happened.push('written');
    });
    await createFileBlobStore({ folder, open }).put('key', source());
    expect(happened).toEqual([
      'asked for the first',
      'written',
      'asked for the second',
      'written',
      'asked for the third',
      'written',
    ]);
  });

  it.each([
    ['ENOSPC', 'storage_full', true],
    ['EDQUOT', 'storage_full', true],
    ['EIO', 'storage_unavailable', true],
    ['EMFILE', 'storage_unavailable', true],
    ['EFBIG', 'storage_full', true],
    ['EROFS', 'storage_unavailable', true],
    ['EACCES', 'storage_unavailable', true],
  ])('says what the system means by %s: %s', async (systemCode, code, retryable) => {
    await createFileBlobStore({ folder }).put('key', new Uint8Array([1]));
    const cause = systemError(systemCode);
    const refuse = (): never => {
      throw cause;
    };
    const refusing = [
      () => Promise.reject(cause),
      opening('writeFile', refuse),
      opening('sync', refuse),
    ];
    for (const open of refusing) {
      const store = createFileBlobStore({ folder, open });
      await expect(store.put('key', new Uint8Array([2]))).rejects.toMatchObject({
        name: 'StorageError',
        code,
        retryable,
        cause,
      });
      expect([...(await store.get('key'))]).toEqual([1]);
      expect(await incoming()).toEqual([]);
    }
  });

  it('lets go of the source when the disk is full', async () => {
    let letGo = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          await Promise.resolve();
          yield new Uint8Array(MEBIBYTE);
        }
      } finally {
        letGo = true;
      }
    }
    let writes = 0;
    const open = opening('writeFile', () => {
      writes += 1;
      if (writes === 3) throw systemError('ENOSPC');
    });
    const store = createFileBlobStore({ folder, open });
    await expect(store.put('key', endless())).rejects.toMatchObject({ code: 'storage_full' });
    expect(letGo).toBe(true);
  });

  it('does not mistake an error of the source for one of its own', async () => {
    const failure = systemError('ENOSPC');
    // eslint-disable-next-line @typescript-eslint/require-await -- fails at once
    async function* failing(): AsyncGenerator<Uint8Array> {
      throw failure;
    }
    const store = createFileBlobStore({ folder });
    await expect(store.put('key', failing())).rejects.toBe(failure);
  });

  it('leaves an unknown error what it is: a bug', async () => {
    const failure = new TypeError('not foreseen');
    const store = createFileBlobStore({ folder, open: () => Promise.reject(failure) });
    await expect(store.put('key', new Uint8Array([1]))).rejects.toBe(failure);
  });

  it('refuses content that is no bytes, and stores nothing', async () => {
    const store = createFileBlobStore({ folder });
    async function* text(): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      yield 'a stream with an encoding' as unknown as Uint8Array;
    }
    await expect(store.put('key', text())).rejects.toThrow('The content of a blob is bytes.');
    expect(await store.exists('key')).toBe(false);
  });

  it('refuses a key above or below another, and keeps that one', async () => {
    const store = createFileBlobStore({ folder });
    await store.put('a/b', new Uint8Array([1]));
    const refusal = { code: 'invalid_blob_key', retryable: false };
    await expect(store.put('a', new Uint8Array([2]))).rejects.toMatchObject(refusal);
    await expect(store.put('a/b/c', new Uint8Array([2]))).rejects.toMatchObject(refusal);
    expect([...(await store.get('a/b'))]).toEqual([1]);
    expect(await store.exists('a/b/c')).toBe(false);
    expect(await incoming()).toEqual([]);
  });

  it('refuses a folder that is a file, or lies below one', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const unusable = expect.objectContaining({ code: 'storage_unusable', retryable: false });
    expect(() => createFileBlobStore({ folder: file })).toThrow(unusable);
    expect(() => createFileBlobStore({ folder: join(file, 'below') })).toThrow(unusable);
  });

  it('says that its folder is gone, as when a volume is not mounted', async () => {
    const store = createFileBlobStore({ folder });
    await rm(folder, { recursive: true });
    await expect(store.put('key', new Uint8Array([1]))).rejects.toMatchObject({
      code: 'storage_unavailable',
      retryable: true,
    });
    expect(await store.exists('key')).toBe(false);
  });
});
