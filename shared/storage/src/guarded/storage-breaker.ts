import {
  createBreaker,
  type Breaker,
  type BreakerOptions,
  type Clock,
  type Logger,
} from '@berkas/service-kit';
import { StorageError } from '../storage-error.ts';

/** Opens within seconds, and looks often: storage answers fast when it answers. */
export const DEFAULT_STORAGE_BREAKER: BreakerOptions = {
  errorThresholdPercentage: 50,
  volumeThreshold: 5,
  windowMs: 10_000,
  resetTimeoutMs: 5_000,
};

/** The breaker of one storage server, such as `MinIO`; its calls reject with a `StorageError`. */
export const createStorageBreaker = (dependencies: {
  name: string;
  clock: Clock;
  logger: Logger;
  options?: BreakerOptions;
}): Breaker =>
  createBreaker({
    options: DEFAULT_STORAGE_BREAKER,
    ...dependencies,
    isFailure: isStorageFailure,
    rejection: storageRejection(dependencies.name),
  });

/** Whether the server is away or overwhelmed. A full disk is an answer: reading goes on. */
export const isStorageFailure = (error: unknown): boolean =>
  error instanceof StorageError &&
  (error.code === 'storage_unavailable' || error.code === 'storage_busy');

/** What the calls of a server's breaker are rejected with that are not made. */
export const storageRejection =
  (name: string) =>
  (reason: 'open' | 'closed', retryAfterMs: number): StorageError =>
    reason === 'closed'
      ? new StorageError('storage_closed', `${name} is no longer used: it was closed.`)
      : new StorageError(
          'storage_unavailable',
          `${name} is away: tried again in ${Math.ceil(retryAfterMs / 1000)} s.`,
          { retryAfterMs },
        );
