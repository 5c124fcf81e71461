import { canonicalJson, sha256 } from '@berkas/service-kit';
import type { Ledger, LedgerEntry } from './language-model.ts';
import { createLruCache } from './lru-cache.ts';
import type { ChatAnswer, ChatCall, ModelEndpoint } from './model-endpoint.ts';
import { createSingleFlight } from './single-flight.ts';

export type KeptAnswer = ChatAnswer & { readonly requestSha256: string };

export type Ask = (call: ChatCall, signal?: AbortSignal) => Promise<KeptAnswer>;

/**
 * Hash of the whole request, never of a key. The endpoint is part of it, because two may serve
 * different models under one name.
 */
export const requestSha256 = (endpointId: string, call: ChatCall): string =>
  sha256(canonicalJson({ ...call, endpointId }));

/**
 * Asks through the ledger: an answer that was paid for is never paid for again, and a new one is
 * stored before anyone uses it, so that a crash right after finds it. If it cannot be stored, it is
 * not used: a redelivery could otherwise come to another result than the one already published.
 *
 * Without a ledger every call goes out, also when an equal one is under way: sampling wants that.
 */
export function createAsk(options: {
  endpoint: ModelEndpoint;
  endpointId: string;
  ledger: Ledger | undefined;
}): Ask {
  const { endpoint, endpointId, ledger } = options;
  if (ledger === undefined) {
    return async (call, signal) => ({
      ...(await endpoint.chat(call, signal)),
      requestSha256: requestSha256(endpointId, call),
    });
  }
  const once = createSingleFlight<KeptAnswer>();
  return (call, signal) => {
    const id = requestSha256(endpointId, call);
    const lookUpOrAsk = async (shared: AbortSignal): Promise<KeptAnswer> => {
      const kept = await ledger.get(id);
      if (kept !== undefined) return fromEntry(kept);
      const answer = await endpoint.chat(call, shared);
      const { truncated, ...rest } = answer;
      await ledger.put({ id, ...rest, ...(truncated ? { truncated } : {}) });
      return { ...answer, requestSha256: id };
    };
    return once(id, lookUpOrAsk, signal);
  };
}

const fromEntry = ({ id, model, content, tokens, truncated }: LedgerEntry): KeptAnswer => ({
  model,
  content,
  tokens,
  truncated: truncated ?? false,
  requestSha256: id,
});

/** A ledger that lasts as long as the process and holds the answers used last. */
export function createMemoryLedger({ entries = 1_000 }: { entries?: number } = {}): Ledger {
  const cache = createLruCache<LedgerEntry>(entries);
  return {
    get: (id) => Promise.resolve(cache.get(id)),
    put: (entry) => {
      cache.set(entry.id, entry);
      return Promise.resolve();
    },
  };
}
