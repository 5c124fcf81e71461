import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BlobStore } from '../blob-store.ts';
import { BlobNotFoundError } from '../storage-error.ts';
import type { ContractFactory, ContractSubject } from './contract-factory.ts';

const MEBIBYTE = 1024 * 1024;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function* streamOf(...chunks: readonly (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await nextTurn();
    if (chunk instanceof Error) throw chunk;
    yield chunk;
  }
}

/** What every blob store does. */
export function blobStoreContract(name: string, factory: ContractFactory<BlobStore>): void {
  describe(`${name} as a blob store`, () => {
    let subject: ContractSubject<BlobStore>;
    let store: BlobStore;

    beforeEach(async () => {
      subject = await factory();
      store = await subject.open();
    });
    afterEach(() => subject.dispose());

    it('gives back the bytes that were put, and tells their number and hash', async () => {
      const content = Uint8Array.from({ length: 256 }, (_, index) => index);
      const stored = await store.put('uploads/doc_1.pdf', content);
      expect(stored).toEqual({ bytes: 256, sha256: sha256Of(content) });
      expect([...(await store.get('uploads/doc_1.pdf'))]).toEqual([...content]);
    });

    it('joins the chunks of a stream in order, empty ones included', async () => {
      const chunks = ['Halo, ', '', 'dünia 🌏', ' – selesai'].map(bytesOf);
      const stored = await store.put('texts/doc_1.json', streamOf(...chunks));
      expect(textOf(await store.get('texts/doc_1.json'))).toBe('Halo, dünia 🌏 – selesai');
      expect(stored.bytes).toBe(bytesOf('Halo, dünia 🌏 – selesai').byteLength);
    });

    it.each([
      ['an array', () => new Uint8Array()],
      ['a stream without chunks', () => streamOf()],
      ['a stream of an empty chunk', () => streamOf(new Uint8Array())],
    ])('stores 0 bytes from %s as an object', async (_source, content) => {
      const stored = await store.put('empty', content());
      expect(stored).toEqual({ bytes: 0, sha256: sha256Of(new Uint8Array()) });
      expect((await store.get('empty')).byteLength).toBe(0);
      expect(await store.exists('empty')).toBe(true);
    });

    it('stores 20 MB from a stream whole', async () => {
      const chunks = Array.from({ length: 320 }, (_, index) =>
        new Uint8Array(MEBIBYTE / 16).fill(index % 251),
      );
      const whole = Buffer.concat(chunks);
      const stored = await store.put('large', streamOf(...chunks));
      expect(stored).toEqual({ bytes: 20 * MEBIBYTE, sha256: sha256Of(whole) });
      expect(sha256Of(await store.get('large'))).toBe(sha256Of(whole));
    });

    it('replaces an object with a shorter one', async () => {
      await store.put('key', bytesOf('a long first version'));
      await store.put('key', bytesOf('short'));
      expect(textOf(await store.get('key'))).toBe('short');
    });

    it('shows the old object until the new one is complete', async () => {
      await store.put('key', bytesOf('old'));
      const seen: string[] = [];
      async function* observed(): AsyncGenerator<Uint8Array> {
        for (const chunk of ['new, ', 'and ', 'whole']) {
          yield bytesOf(chunk);
          seen.push(textOf(await store.get('key')));
        }
      }
      await store.put('key', observed());
      expect(seen).toEqual(['old', 'old', 'old']);
      expect(textOf(await store.get('key'))).toBe('new, and whole');
    });

    it('never shows a reader a mixture while writers replace the object', async () => {
      const versions = Array.from({ length: 8 }, (_, index) =>
        new Uint8Array(MEBIBYTE / 4).fill(index + 1),
      );
      await store.put('key', versions[0] ?? new Uint8Array());
      const writing = Promise.all(
        versions.map((version) =>
          store.put('key', streamOf(version.subarray(0, 9), version.subarray(9))),
        ),
      );
      const hashes = versions.map(sha256Of);
      for (let read = 0; read < 20; read += 1) {
        expect(hashes).toContain(sha256Of(await store.get('key')));
      }
      await writing;
      expect(hashes).toContain(sha256Of(await store.get('key')));
    });

    it('keeps the old object when the source of the new one fails', async () => {
      await store.put('key', bytesOf('old'));
      const failure = new Error('the sender hung up');
      await expect(store.put('key', streamOf(bytesOf('ne'), failure))).rejects.toBe(failure);
      expect(textOf(await store.get('key'))).toBe('old');
    });

    it('stores nothing when the source fails', async () => {
      const failure = new Error('the sender hung up');
      await expect(store.put('key', streamOf(bytesOf('part'), failure))).rejects.toBe(failure);
      expect(await store.exists('key')).toBe(false);
      await expect(store.get('key')).rejects.toBeInstanceOf(BlobNotFoundError);
    });

    it('stores nothing when the source fails after 6 MB', async () => {
      const failure = new Error('the sender hung up');
      const large = new Uint8Array(6 * MEBIBYTE);
      await expect(store.put('key', streamOf(large, failure))).rejects.toBe(failure);
      expect(await store.exists('key')).toBe(false);
      await expect(store.get('key')).rejects.toBeInstanceOf(BlobNotFoundError);
    });

    it('keeps one of two large objects whole that are put at once', async () => {
      const contents = [1, 2].map((filling) => new Uint8Array(6 * MEBIBYTE).fill(filling));
      await Promise.all(
        contents.map((content) =>
          store.put('key', streamOf(content.subarray(0, MEBIBYTE), content.subarray(MEBIBYTE))),
        ),
      );
      expect(contents.map(sha256Of)).toContain(sha256Of(await store.get('key')));
    });

    it('says which object is not there', async () => {
      await expect(store.get('uploads/none.pdf')).rejects.toBeInstanceOf(BlobNotFoundError);
      await expect(store.get('uploads/none.pdf')).rejects.toMatchObject({
        code: 'blob_not_found',
        retryable: false,
        key: 'uploads/none.pdf',
      });
      expect(await store.exists('uploads/none.pdf')).toBe(false);
    });

    it('takes a part of a key for no object', async () => {
      await store.put('results/eval_1/live/cv.json', bytesOf('{}'));
      expect(await store.exists('results/eval_1')).toBe(false);
      await expect(store.get('results/eval_1/live')).rejects.toBeInstanceOf(BlobNotFoundError);
      await store.delete('results/eval_1');
      expect(await store.exists('results/eval_1/live/cv.json')).toBe(true);
    });

    it('deletes one object, and again without complaint', async () => {
      await store.put('a/one', bytesOf('1'));
      await store.put('a/two', bytesOf('2'));
      await store.delete('a/one');
      await store.delete('a/one');
      await store.delete('never/there');
      expect(await store.exists('a/one')).toBe(false);
      expect(textOf(await store.get('a/two'))).toBe('2');
    });

    it('tells objects apart whose keys differ in a sign', async () => {
      const keys = ['a-b', 'a_b', 'a.b', 'a@b', 'ab', 'x/ab'];
      for (const key of keys) await store.put(key, bytesOf(key));
      for (const key of keys) expect(textOf(await store.get(key))).toBe(key);
    });

    it.each([
      '',
      '/',
      '/etc/passwd',
      'a/',
      'a//b',
      '.',
      './a',
      '..',
      '../a',
      'a/../../b',
      'a..b',
      'a\\b',
      'a b',
      'a\u0000b',
      'naïve',
      'a:b',
      '%2e%2e/a',
      'x'.repeat(256),
      'x/'.repeat(600) + 'x',
    ])('refuses the key %j before it reads the source', async (key) => {
      let asked = false;
      async function* content(): AsyncGenerator<Uint8Array> {
        asked = true;
        await nextTurn();
        yield bytesOf('x');
      }
      const refusal = { code: 'invalid_blob_key', retryable: false };
      await expect(store.put(key, content())).rejects.toMatchObject(refusal);
      expect(asked).toBe(false);
      await expect(store.get(key)).rejects.toMatchObject(refusal);
      await expect(store.exists(key)).rejects.toMatchObject(refusal);
      await expect(store.delete(key)).rejects.toMatchObject(refusal);
    });

    it('keeps what was put when it is opened again', async () => {
      await store.put('kept', streamOf(bytesOf('still '), bytesOf('here')));
      await store.put('gone', bytesOf('x'));
      await store.delete('gone');
      const again = await subject.open();
      expect(textOf(await again.get('kept'))).toBe('still here');
      expect(await again.exists('gone')).toBe(false);
    });

    it('does not disturb a put under way when it is opened again', async () => {
      async function* interrupted(): AsyncGenerator<Uint8Array> {
        yield bytesOf('before ');
        await subject.open();
        yield bytesOf('after');
      }
      await store.put('key', interrupted());
      expect(textOf(await store.get('key'))).toBe('before after');
    });
  });
}
