import { messageOf } from '@berkas/service-kit';
import { errorCodeOf, isNetworkError } from '../network-error.ts';
import { StorageError, type StorageErrorCode } from '../storage-error.ts';
import { bucketMissing } from './minio-transport.ts';

/** Codes of S3 and of MinIO's own. */
const CODES: Readonly<Record<string, StorageErrorCode>> = {
  XMinioStorageFull: 'storage_full',
  QuotaExceeded: 'storage_full',
  XMinioAdminBucketQuotaExceeded: 'storage_full',
  SlowDown: 'storage_busy',
  OperationAborted: 'storage_busy',
  InternalError: 'storage_unavailable',
  ServiceUnavailable: 'storage_unavailable',
  RequestTimeout: 'storage_unavailable',
  // The upload was given up by a clean-up on the server; putting it again begins a new one.
  NoSuchUpload: 'storage_unavailable',
  IncompleteBody: 'storage_unavailable',
  AccessDenied: 'storage_read_only',
  InvalidAccessKeyId: 'storage_read_only',
  SignatureDoesNotMatch: 'storage_read_only',
  RequestTimeTooSkewed: 'storage_read_only',
  InvalidBucketName: 'storage_unusable',
  KeyTooLongError: 'invalid_blob_key',
  XMinioInvalidObjectName: 'invalid_blob_key',
  XMinioParentIsObject: 'invalid_blob_key',
};

/** A `StorageError` for what the server or the network refuses; anything unknown stays: a bug. */
export function translateMinioError(error: unknown, action: string): unknown {
  if (error instanceof StorageError) return error;
  const told = errorCodeOf(error);
  if (told === 'NoSuchBucket') return bucketMissing(error);
  const code = isNetworkError(error) ? 'storage_unavailable' : CODES[told];
  if (code === undefined) return error;
  const message = `Could not ${action} (${told}): ${messageOf(error)}`;
  return new StorageError(code, message, { cause: error });
}
