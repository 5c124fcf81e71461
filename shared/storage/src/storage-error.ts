import { BerkasError } from '@berkas/service-kit';

/** Every way in which storage refuses, and whether the same call may succeed on its own later. */
const RETRYABLE = {
  /** The disk or the quota is full; deletions elsewhere free it. */
  storage_full: true,
  /** Another writer held it for longer than we wait. */
  storage_busy: true,
  /** The device or the system failed to serve us: I/O errors, no file handles left. */
  storage_unavailable: true,
  /** Not allowed to write, or to read: someone has to change that. */
  storage_read_only: false,
  /** The place given cannot hold our data: no folder, or a file that is none of ours. */
  storage_unusable: false,
  /** Another process has the data folder. */
  storage_in_use: false,
  storage_corrupt: false,
  storage_closed: false,
  blob_not_found: false,
  invalid_blob_key: false,
  invalid_collection: false,
  invalid_document: false,
  invalid_query: false,
  invalid_passage: false,
  vector_length_mismatch: false,
} as const;

export type StorageErrorCode = keyof typeof RETRYABLE;

/** What any adapter of blobs, documents or search raises on purpose. */
export class StorageError extends BerkasError {
  declare readonly code: StorageErrorCode;

  constructor(
    code: StorageErrorCode,
    message: string,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { ...options, code, retryable: RETRYABLE[code] });
  }
}

export class BlobNotFoundError extends StorageError {
  readonly key: string;

  constructor(key: string, options: { cause?: unknown } = {}) {
    super('blob_not_found', `There is no blob "${key}".`, options);
    this.key = key;
  }
}
