import { messageOf } from '@berkas/service-kit';
import {
  MongoClientClosedError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoSystemError,
  MongoTopologyClosedError,
} from 'mongodb';
import { isNetworkError } from '../network-error.ts';
import { StorageError, type StorageErrorCode } from '../storage-error.ts';

/** Error codes of the server: src/mongo/base/error_codes.yml in MongoDB's source. */
const SERVER_CODES: Readonly<Record<number, StorageErrorCode>> = {
  6: 'storage_unavailable', // HostUnreachable
  7: 'storage_unavailable', // HostNotFound
  13: 'storage_read_only', // Unauthorized
  18: 'storage_read_only', // AuthenticationFailed
  24: 'storage_busy', // LockTimeout
  50: 'storage_unavailable', // MaxTimeMSExpired
  64: 'storage_unavailable', // WriteConcernTimeout
  73: 'storage_unusable', // InvalidNamespace
  89: 'storage_unavailable', // NetworkTimeout
  91: 'storage_unavailable', // ShutdownInProgress
  100: 'storage_unavailable', // UnsatisfiableWriteConcern
  112: 'storage_busy', // WriteConflict
  189: 'storage_unavailable', // PrimarySteppedDown
  262: 'storage_unavailable', // ExceededTimeLimit
  9001: 'storage_unavailable', // SocketException
  10107: 'storage_unavailable', // NotWritablePrimary
  10334: 'invalid_document', // BSONObjectTooLarge
  11600: 'storage_unavailable', // InterruptedAtShutdown
  11602: 'storage_unavailable', // InterruptedDueToReplStateChange
  13435: 'storage_unavailable', // NotPrimaryNoSecondaryOk
  13436: 'storage_unavailable', // NotPrimaryOrSecondary
  14031: 'storage_full', // OutOfDiskSpace
};

const DUPLICATE_KEY = 11_000;

export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === DUPLICATE_KEY;

/** A `StorageError` for what the server or the network refuses; anything unknown stays: a bug. */
export function translateMongoError(error: unknown, action: string): unknown {
  const code = error instanceof MongoError ? storageCodeOf(error) : codeOfOther(error);
  if (code === undefined) return error;
  return new StorageError(code, `Could not ${action}: ${messageOf(error)}`, { cause: error });
}

/** On a connection that breaks while a request is written the driver passes Node's error on. */
const codeOfOther = (error: unknown): StorageErrorCode | undefined =>
  isNetworkError(error) ? 'storage_unavailable' : undefined;

function storageCodeOf(error: MongoError): StorageErrorCode | undefined {
  if (
    error instanceof MongoClientClosedError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof MongoNotConnectedError
  ) {
    return 'storage_closed';
  }
  if (error instanceof MongoServerError && typeof error.code === 'number') {
    const code = SERVER_CODES[error.code];
    if (code !== undefined) return code;
  }
  if (error instanceof MongoNetworkError || error instanceof MongoSystemError) {
    return 'storage_unavailable';
  }
  // The driver exports no class for a wait for a connection that was too long.
  if (error.name === 'MongoWaitQueueTimeoutError' || error.hasErrorLabel('RetryableWriteError')) {
    return 'storage_unavailable';
  }
  return undefined;
}
