import type { Ledger, LedgerEntry } from './language-model.ts';
import { createLruCache } from './lru-cache.ts';
import type { ChatAnswer } from './model-endpoint.ts';

/** Answers by the hash of their request: those in the ledger, and those that still have to get there. */
export type KeptAnswers = {
  /** Never answers what is not stored. Rejects with what the ledger fails with. */
  find(requestSha256: string): Promise<ChatAnswer | undefined>;
  /** Resolves once it is stored. If it cannot be, it is held for the next `find`, which stores it. */
  keep(requestSha256: string, answer: ChatAnswer): Promise<void>;
};

/** Some kilobytes each. More are under way only where more evaluations are, during one outage. */
const MAXIMUM_HELD = 1_000;

/**
 * What was paid for is stored before anyone uses it, so that a crash right after finds it. While
 * the ledger is away answers still arrive: they wait in memory for whoever asks again.
 */
export function createKeptAnswers(ledger: Ledger): KeptAnswers {
  const held = createLruCache<LedgerEntry>(MAXIMUM_HELD);

  const store = async (entry: LedgerEntry): Promise<void> => {
    await ledger.put(entry);
    held.delete(entry.id);
  };

  return {
    async find(id) {
      const entry = held.get(id);
      if (entry === undefined) return fromEntry(await ledger.get(id));
      await store(entry);
      return fromEntry(entry);
    },
    keep(id, answer) {
      const entry = toEntry(id, answer);
      held.set(id, entry);
      return store(entry);
    },
  };
}

const toEntry = (id: string, { truncated, refused, ...rest }: ChatAnswer): LedgerEntry => ({
  id,
  ...rest,
  ...(truncated ? { truncated } : {}),
  ...(refused ? { refused } : {}),
});

const fromEntry = (entry: LedgerEntry | undefined): ChatAnswer | undefined =>
  entry === undefined
    ? undefined
    : {
        model: entry.model,
        content: entry.content,
        tokens: entry.tokens,
        truncated: entry.truncated ?? false,
        refused: entry.refused ?? false,
      };

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
