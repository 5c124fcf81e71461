import type { Breaker } from '@berkas/service-kit';
import type { BlobStore, StoredBlob } from '../blob-store.ts';

/** The same store, each call of which goes through the breaker. */
export function guardBlobStore(store: BlobStore, breaker: Breaker): BlobStore {
  return {
    put: async (key, content) => {
      if (content instanceof Uint8Array) return breaker.run(() => store.put(key, content));
      // All others would wait for a slow source: a short question tries the server instead.
      if (breaker.state() === 'half_open') await breaker.run(() => store.exists(key));
      return putFromSource(store, breaker, { key, content });
    },
    get: (key) => breaker.run(() => store.get(key)),
    exists: (key) => breaker.run(() => store.exists(key)),
    delete: (key) => breaker.run(() => store.delete(key)),
  };
}

/** Wraps what a put failed with because its source did: it says nothing of the server. */
class SourceFailure extends Error {}

async function putFromSource(
  store: BlobStore,
  breaker: Breaker,
  { key, content }: { key: string; content: AsyncIterable<Uint8Array> },
): Promise<StoredBlob> {
  let sourceFailed = false;
  // A store that fails may throw its own error into the source, where it waits with a chunk given.
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    let waits = false;
    try {
      for await (const chunk of content) {
        waits = true;
        yield chunk;
        waits = false;
      }
    } catch (error) {
      sourceFailed = !waits;
      throw error;
    }
  };
  try {
    return await breaker.run(async () => {
      try {
        return await store.put(key, watched());
      } catch (error) {
        throw sourceFailed ? new SourceFailure('The source failed.', { cause: error }) : error;
      }
    });
  } catch (error) {
    throw error instanceof SourceFailure ? error.cause : error;
  }
}
