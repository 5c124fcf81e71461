import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'minio';
import { blobStoreContract } from '../testing/index.ts';
import { requiredVariable } from '../testing/required-variable.ts';
import { openFaultyConnection, type FaultyConnection } from '../testing/toxiproxy.ts';
import { createMinioBlobStore } from './create-minio-blob-store.ts';
import { openMinioBlobStore, type MinioBlobStore } from './minio-blob-store.ts';

const endpoint = requiredVariable(process.env, 'MINIO_ENDPOINT');
const accessKey = requiredVariable(process.env, 'MINIO_ACCESS_KEY');
const secretKey = requiredVariable(process.env, 'MINIO_SECRET_KEY');
const toxiproxyUrl = requiredVariable(process.env, 'TOXIPROXY_URL');

const MEBIBYTE = 1024 * 1024;
const { hostname, port } = new URL(endpoint);
const admin = new Client({
  endPoint: hostname,
  port: Number(port),
  useSSL: false,
  accessKey,
  secretKey,
});
const newBucket = (): string => `berkas-test-${randomUUID()}`;
const openStore = (
  bucket: string,
  changes: { endpoint?: string; secretKey?: string; timeoutMs?: number } = {},
): MinioBlobStore =>
  openMinioBlobStore({ endpoint, accessKey, secretKey, bucket, timeoutMs: 10_000, ...changes });

/** Of the key "key": MinIO lists them by the whole key alone. */
const unfinishedUploads = async (bucket: string): Promise<{ key: string; uploadId: string }[]> =>
  (await admin.listIncompleteUploadsQuery(bucket, 'key', '', '', '')).uploads;

async function removeBucket(bucket: string): Promise<void> {
  for await (const { name } of admin.listObjectsV2(bucket, '', true)) {
    await admin.removeObject(bucket, name as string);
  }
  for (const { key, uploadId } of await unfinishedUploads(bucket)) {
    await admin.abortMultipartUpload(bucket, key, uploadId);
  }
  await admin.removeBucket(bucket);
}

async function* megabytes(count: number, failure?: Error): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < count; sent += 1) {
    await nextTurn();
    yield new Uint8Array(MEBIBYTE).fill(sent);
  }
  if (failure) throw failure;
}

blobStoreContract('The MinIO blob store', async () => {
  const bucket = newBucket();
  await openStore(bucket).ensureBucket();
  return {
    open: () => createMinioBlobStore({ endpoint, accessKey, secretKey, bucket, timeoutMs: 10_000 }),
    dispose: () => removeBucket(bucket),
  };
});

describe('The MinIO blob store', () => {
  let bucket: string;
  let store: MinioBlobStore;

  beforeEach(async () => {
    bucket = newBucket();
    store = openStore(bucket);
    await store.ensureBucket();
  });
  afterEach(() => removeBucket(bucket));

  it('makes its bucket once, however often and by however many it is asked', async () => {
    await store.put('kept', new Uint8Array(3));
    await Promise.all([store.ensureBucket(), openStore(bucket).ensureBucket()]);
    expect((await store.get('kept')).byteLength).toBe(3);
  });

  it('says that the bucket is missing, whatever it is asked for', async () => {
    const missing = newBucket();
    const homeless = openStore(missing);
    const refusal = { code: 'storage_unusable', retryable: false };
    await expect(homeless.ready()).rejects.toMatchObject({
      ...refusal,
      message: `The bucket "${missing}" does not exist: run \`berkas setup\`.`,
    });
    await expect(homeless.put('key', new Uint8Array(1))).rejects.toMatchObject(refusal);
    await expect(homeless.put('key', megabytes(6))).rejects.toMatchObject(refusal);
    await expect(homeless.get('key')).rejects.toMatchObject(refusal);
    await expect(homeless.exists('key')).rejects.toMatchObject(refusal);
    await expect(homeless.delete('key')).rejects.toMatchObject(refusal);
  });

  it('is refused with a wrong secret, for good', async () => {
    const stranger = openStore(bucket, { secretKey: 'not the secret' });
    const refusal = { code: 'storage_read_only', retryable: false };
    await expect(stranger.put('key', new Uint8Array(1))).rejects.toMatchObject(refusal);
    await expect(stranger.get('key')).rejects.toMatchObject(refusal);
    await expect(stranger.exists('key')).rejects.toMatchObject(refusal);
    await expect(stranger.ready()).rejects.toMatchObject(refusal);
  });

  it('leaves no unfinished upload when the source fails after two parts', async () => {
    const failure = new Error('the sender hung up');
    let uploadsMeanwhile = 0;
    async function* observed(): AsyncGenerator<Uint8Array> {
      yield* megabytes(12);
      uploadsMeanwhile = (await unfinishedUploads(bucket)).length;
      throw failure;
    }
    await expect(store.put('key', observed())).rejects.toBe(failure);
    expect(uploadsMeanwhile).toBe(1);
    expect(await unfinishedUploads(bucket)).toEqual([]);
    expect(await store.exists('key')).toBe(false);
  });

  it('leaves no unfinished upload behind a whole one, which has parts of 5 MiB', async () => {
    const stored = await store.put('key', megabytes(11));
    expect(stored.bytes).toBe(11 * MEBIBYTE);
    expect(await unfinishedUploads(bucket)).toEqual([]);
    // The ETag of a multipart object ends with the number of its parts.
    expect((await admin.statObject(bucket, 'key')).etag).toMatch(/-3$/);
  });

  it('takes the longest keys', async () => {
    const key = `${'x'.repeat(255)}/${'y'.repeat(255)}/${'z'.repeat(255)}`;
    await store.put(key, new Uint8Array(7));
    expect((await store.get(key)).byteLength).toBe(7);
  });

  it.each(['127.0.0.1:9000', 'ftp://127.0.0.1', 'http://127.0.0.1/path', ''])(
    'does not open on the endpoint %j',
    (wrong) => {
      expect(() => openStore(bucket, { endpoint: wrong })).toThrow('Not an endpoint');
    },
  );

  describe('behind a bad connection', () => {
    const unavailable = { code: 'storage_unavailable', retryable: true };
    let connection: FaultyConnection;
    let remote: MinioBlobStore;

    beforeAll(async () => {
      connection = await openFaultyConnection(toxiproxyUrl, endpoint);
    });
    beforeEach(() => {
      remote = openStore(bucket, { endpoint: `http://${connection.address}`, timeoutMs: 500 });
    });
    afterEach(() => connection.heal());
    afterAll(() => connection.dispose());

    it.each([
      ['stalls', () => connection.stall()],
      ['is cut', () => connection.cut()],
      ['is slower than the deadline', () => connection.slowDown(5_000)],
    ])('that %s rejects each call as retryable, and recovers', async (_title, harm) => {
      await remote.put('key', new Uint8Array(3_000));
      await harm();
      await expect(remote.put('new', new Uint8Array(3_000))).rejects.toMatchObject(unavailable);
      await expect(remote.put('new', megabytes(6))).rejects.toMatchObject(unavailable);
      await expect(remote.get('key')).rejects.toMatchObject(unavailable);
      await expect(remote.exists('key')).rejects.toMatchObject(unavailable);
      await expect(remote.delete('key')).rejects.toMatchObject(unavailable);
      await expect(remote.ensureBucket()).rejects.toMatchObject(unavailable);
      await expect(remote.ready()).rejects.toMatchObject(unavailable);
      await connection.heal();
      await remote.ready();
      await remote.put('key', new Uint8Array(4_000));
      expect((await remote.get('key')).byteLength).toBe(4_000);
    });

    it('works as ever when it is slow, but faster than the deadline', async () => {
      await connection.slowDown(100);
      await remote.put('key', megabytes(6));
      expect((await remote.get('key')).byteLength).toBe(6 * MEBIBYTE);
    });

    it('shows nothing of an upload in which it broke, and takes it again', async () => {
      async function* cutOff(): AsyncGenerator<Uint8Array> {
        yield* megabytes(6);
        await connection.cut();
        yield* megabytes(6);
      }
      await expect(remote.put('key', cutOff())).rejects.toMatchObject(unavailable);
      expect(await store.exists('key')).toBe(false);
      await connection.heal();
      await remote.put('key', megabytes(12));
      expect((await store.get('key')).byteLength).toBe(12 * MEBIBYTE);
    });

    it('rejects a get whose answer stops half-way', async () => {
      await store.put('key', megabytes(20));
      const slow = openStore(bucket, {
        endpoint: `http://${connection.address}`,
        timeoutMs: 1_000,
      });
      await connection.limitRate(1_000);
      await expect(slow.get('key')).rejects.toMatchObject(unavailable);
    });
  });
});
