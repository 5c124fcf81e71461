import type { Client } from 'minio';

export type MultipartUpload = {
  /** Every part but the last has at least 5 MiB. */
  add(bytes: Buffer): Promise<void>;
  /** The object appears with this, whole. */
  complete(): Promise<void>;
  /** Best effort, never rejects: what stays behind the server removes after a day. */
  abort(): Promise<void>;
};

/**
 * One upload of its own for each put. The client's own streaming upload takes up an unfinished one
 * of the same key, so that two writers at once would disturb each other.
 */
export async function startMultipartUpload(
  client: Client,
  bucket: string,
  key: string,
): Promise<MultipartUpload> {
  const uploadId = await client.initiateNewMultipartUpload(bucket, key, {});
  const parts: { part: number; etag: string }[] = [];
  return {
    add: async (bytes) => {
      const partNumber = parts.length + 1;
      const { etag } = await client.uploadPart(
        { bucketName: bucket, objectName: key, uploadID: uploadId, partNumber, headers: {} },
        bytes,
      );
      parts.push({ part: partNumber, etag });
    },
    complete: async () => {
      await client.completeMultipartUpload(bucket, key, uploadId, parts);
    },
    abort: async () => {
      await client.abortMultipartUpload(bucket, key, uploadId).catch(() => undefined);
    },
  };
}
