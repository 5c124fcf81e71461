import { messageOf } from '@berkas/service-kit';
import { errors } from '@elastic/elasticsearch';
import { withinDeadline } from '../deadline.ts';
import { StorageError, type StorageErrorCode } from '../storage-error.ts';

export const INDEX_NOT_FOUND = 'index_not_found_exception';

/** Makes one request with a deadline; errors of the client come translated. */
export type Ask = <Answer>(
  action: string,
  request: (options: { signal: AbortSignal }) => Promise<Answer>,
) => Promise<Answer>;

export type AskOptions = {
  readonly timeoutMs: number;
  readonly isClosed: () => boolean;
  /** What to say when the index that is asked does not exist. */
  readonly indexMissing?: string;
};

export function createAsk({ timeoutMs, isClosed, indexMissing }: AskOptions): Ask {
  return (action, request) => {
    if (isClosed()) {
      const message = `Could not ${action}: the search index is closed.`;
      return Promise.reject(new StorageError('storage_closed', message));
    }
    return withinDeadline(timeoutMs, action, async (signal) => {
      try {
        return await request({ signal });
      } catch (error) {
        throw translateElasticsearchError(error, action, indexMissing);
      }
    });
  };
}

/** A `StorageError` for what the server or the network refuses; anything unknown stays: a bug. */
function translateElasticsearchError(
  error: unknown,
  action: string,
  indexMissing: string | undefined,
): unknown {
  const code = storageCodeOf(error);
  if (code === undefined) return error;
  if (indexMissing !== undefined && refusalOf(error)?.type === INDEX_NOT_FOUND) {
    return new StorageError(code, indexMissing, { cause: error });
  }
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
  const refusal = refusalOf(error);
  return refusal && codeOfRefusal(refusal);
}

type Refusal = { readonly status: number; readonly type: string };

/** What the server refused of a bulk request: an item of it, each on its own. */
export class ItemRefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, reason: string) {
    super(`${refusal.type}: ${reason}`);
    this.name = 'ItemRefusedError';
    this.refusal = refusal;
  }
}

/** `undefined` for an error that is no answer of the server. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof ItemRefusedError) return error.refusal;
  if (!(error instanceof errors.ResponseError)) return undefined;
  return { status: error.statusCode ?? 0, type: typeOf(error) };
}

function codeOfRefusal({ status, type }: Refusal): StorageErrorCode | undefined {
  // With 429: the disk passed the flood stage, and indexes are read-only until it is freed.
  if (type === 'cluster_block_exception') {
    return status === 403 ? 'storage_read_only' : 'storage_full';
  }
  if (type === INDEX_NOT_FOUND) return 'storage_unusable';
  if (status === 429) return 'storage_busy';
  if (status === 401 || status === 403) return 'storage_read_only';
  if (status === 408 || status >= 500) return 'storage_unavailable';
  return undefined;
}

function typeOf(error: InstanceType<typeof errors.ResponseError>): string {
  const body = error.body as { error?: { type?: unknown } } | undefined;
  return typeof body?.error?.type === 'string' ? body.error.type : '';
}

/** Whether the server refused it with one of these types of exception. */
export const isRefusedWith = (error: unknown, types: readonly string[]): boolean =>
  types.includes(refusalOf(error)?.type ?? '');
