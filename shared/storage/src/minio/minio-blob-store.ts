import { createHash } from 'node:crypto';
import { Client } from 'minio';
import { assertBlobKey } from '../blob-key.ts';
import type { BlobStore, StoredBlob } from '../blob-store.ts';
import { errorCodeOf } from '../network-error.ts';
import { BlobNotFoundError, StorageError } from '../storage-error.ts';
import { createMinioAgent, createMinioTransport } from './minio-transport.ts';
import { startMultipartUpload, type MultipartUpload } from './multipart-upload.ts';
import { PART_BYTES, readParts } from './read-parts.ts';
import { translateMinioError } from './translate-minio-error.ts';

export type MinioBlobStoreOptions = {
  /** Such as `http://127.0.0.1:9000`. */
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  /** Default `us-east-1`, as MinIO's own. */
  readonly region?: string;
  /** For each request to the server: a put of more than 5 MiB makes several. */
  readonly timeoutMs: number;
};

export interface MinioBlobStore extends BlobStore {
  /** A step of the set-up, safe to repeat: the store itself never makes its bucket. */
  ensureBucket(): Promise<void>;
  /**
   * Resolves when the server answers and has the bucket. Rejects as retryable while the server is
   * away, and with `storage_unusable` while the bucket is missing.
   */
  ready(): Promise<void>;
}

const DEFAULT_REGION = 'us-east-1';

/**
 * Blobs as objects of one bucket of MinIO, or of any S3. At most one part of 5 MiB of a put is in
 * memory (and the client's copies of it); up to there it is one request, above it a multipart
 * upload, which is aborted when the source or the server fails. An object is replaced at the end of
 * the request that completes it.
 */
export function openMinioBlobStore(options: MinioBlobStoreOptions): MinioBlobStore {
  const { bucket } = options;
  const client = createClient(options);
  const ask = async <Answer>(action: string, request: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await request();
    } catch (error) {
      throw translateMinioError(error, action);
    }
  };

  return {
    put: async (key, content) => {
      assertBlobKey(key);
      const hash = createHash('sha256');
      let stored = 0;
      let upload: MultipartUpload | undefined;
      try {
        for await (const { bytes, last } of readParts(content, PART_BYTES)) {
          hash.update(bytes);
          stored += bytes.length;
          if (last && upload === undefined) {
            await ask(`put the blob "${key}"`, () => client.putObject(bucket, key, bytes));
            break;
          }
          upload ??= await ask(`begin the blob "${key}"`, () =>
            startMultipartUpload(client, bucket, key),
          );
          const begun = upload;
          if (bytes.length > 0) await ask(`add to the blob "${key}"`, () => begun.add(bytes));
        }
        const finished = upload;
        if (finished) await ask(`complete the blob "${key}"`, () => finished.complete());
      } catch (error) {
        await upload?.abort();
        throw error;
      }
      return { bytes: stored, sha256: hash.digest('hex') } satisfies StoredBlob;
    },
    get: async (key) => {
      assertBlobKey(key);
      return ask(`get the blob "${key}"`, async () => {
        try {
          const chunks: Buffer[] = [];
          for await (const chunk of await client.getObject(bucket, key)) {
            chunks.push(chunk as Buffer);
          }
          return Buffer.concat(chunks);
        } catch (error) {
          throw errorCodeOf(error) === 'NoSuchKey'
            ? new BlobNotFoundError(key, { cause: error })
            : error;
        }
      });
    },
    exists: async (key) => {
      assertBlobKey(key);
      return ask(`look for the blob "${key}"`, () =>
        client.statObject(bucket, key).then(
          () => true,
          (error: unknown) => {
            if (errorCodeOf(error) === 'NotFound') return false;
            throw error;
          },
        ),
      );
    },
    delete: async (key) => {
      assertBlobKey(key);
      await ask(`delete the blob "${key}"`, () => client.removeObject(bucket, key));
    },
    ensureBucket: () =>
      ask(`make the bucket "${bucket}"`, async () => {
        try {
          await client.makeBucket(bucket, options.region ?? DEFAULT_REGION);
        } catch (error) {
          if (errorCodeOf(error) !== 'BucketAlreadyOwnedByYou') throw error;
        }
      }),
    ready: () =>
      ask(`look for the bucket "${bucket}"`, async () => {
        if (await hasBucket(client, bucket)) return;
        const message = `The bucket "${bucket}" does not exist: run \`berkas setup\`.`;
        throw new StorageError('storage_unusable', message);
      }),
  };
}

async function hasBucket(client: Client, bucket: string): Promise<boolean> {
  try {
    return await client.bucketExists(bucket);
  } catch (error) {
    // Our transport's word for a missing bucket.
    if (errorCodeOf(error) === 'storage_unusable') return false;
    throw error;
  }
}

function createClient(options: MinioBlobStoreOptions): Client {
  const { accessKey, secretKey, region = DEFAULT_REGION, timeoutMs } = options;
  const url = parseEndpoint(options.endpoint);
  const secure = url.protocol === 'https:';
  return new Client({
    endPoint: url.hostname,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    useSSL: secure,
    accessKey,
    secretKey,
    region,
    transport: createMinioTransport(secure, timeoutMs),
    transportAgent: createMinioAgent(secure),
    // The client writes its retries to the console; whoever calls us repeats.
    retryOptions: { disableRetry: true },
  });
}

function parseEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.pathname === '/') {
    return url;
  }
  throw new StorageError(
    'storage_unusable',
    `Not an endpoint such as http://localhost:9000: ${JSON.stringify(endpoint)}`,
  );
}
