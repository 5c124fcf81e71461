import { messageOf } from '@berkas/service-kit';
import { errors } from '@elastic/elasticsearch';
import { withinDeadline } from '../deadline.ts';
import { StorageError, type StorageErrorCode } from '../storage-error.ts';

/** Makes one request with a deadline; errors of the client come translated. */
export type Ask = <Answer>(
  action: string,
  request: (options: { signal: AbortSignal }) => Promise<Answer>,
) => Promise<Answer>;

export function createAsk(timeoutMs: number, isClosed: () => boolean): Ask {
  return (action, request) => {
    if (isClosed()) {
      const message = `Could not ${action}: the search index is closed.`;
      return Promise.reject(new StorageError('storage_closed', message));
    }
    return withinDeadline(timeoutMs, action, async (signal) => {
      try {
        return await request({ signal });
      } catch (error) {
        throw translateElasticsearchError(error, action);
      }
    });
  };
}

/** A `StorageError` for what the server or the network refuses; anything unknown stays: a bug. */
function translateElasticsearchError(error: unknown, action: string): unknown {
  const code = storageCodeOf(error);
  if (code === undefined) return error;
  const message = `Could not ${action}: ${messageOf(error)}`;
  return new StorageError(code, message, { cause: error });
}

function storageCodeOf(error: unknown): StorageErrorCode | undefined {
  if (
    error instanceof errors.TimeoutError ||
    error instanceof errors.ConnectionError ||
    error instanceof errors.NoLivingConnectionsError ||
    error instanceof errors.RequestAbortedError
  ) {
    return 'storage_unavailable';
  }
  // A proxy's page instead of JSON, or an answer that broke off.
  if (error instanceof errors.DeserializationError) return 'storage_unavailable';
  if (error instanceof errors.ConfigurationError) return 'storage_unusable';
  if (error instanceof errors.ProductNotSupportedError) return 'storage_unusable';
  if (!(error instanceof errors.ResponseError)) return undefined;
  return codeOfRefusal(error.statusCode ?? 0, typeOf(error));
}

/** Also for an item of a bulk request, which is refused on its own. */
export function codeOfRefusal(status: number, type: string): StorageErrorCode | undefined {
  // With 429: the disk passed the flood stage, and indexes are read-only until it is freed.
  if (type === 'cluster_block_exception') {
    return status === 403 ? 'storage_read_only' : 'storage_full';
  }
  if (type === 'index_not_found_exception') return 'storage_unusable';
  if (status === 429) return 'storage_busy';
  if (status === 401 || status === 403) return 'storage_read_only';
  if (status === 408 || status >= 500) return 'storage_unavailable';
  return undefined;
}

export const typeOf = (error: InstanceType<typeof errors.ResponseError>): string => {
  const body = error.body as { error?: { type?: unknown } } | undefined;
  return typeof body?.error?.type === 'string' ? body.error.type : '';
};
