export type StoredBlob = {
  bytes: number;
  /** SHA-256 of the content, lower-case hexadecimal. */
  sha256: string;
};

/**
 * Whole objects under keys such as `uploads/doc_….pdf`. Keys: letters, digits and `._-/@`, no `..`;
 * others reject with a `StorageError` `invalid_blob_key`.
 */
export interface BlobStore {
  /**
   * Streams the content in while hashing it; never holds it whole. The object appears at once and
   * complete, or not at all: when the source fails nothing is stored. An existing key is replaced.
   */
  put(key: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<StoredBlob>;
  /** Rejects with `BlobNotFoundError` when there is none. */
  get(key: string): Promise<Uint8Array>;
  exists(key: string): Promise<boolean>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
}
