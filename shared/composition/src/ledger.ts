import type { Ledger, LedgerEntry } from '@berkas/llm';
import type { DocumentStore } from '@berkas/storage';

/** The ledger of model answers, in the document store. */
export function createStoredLedger(documents: DocumentStore): Ledger {
  const entries = () => documents.collection<LedgerEntry>({ name: 'model-ledger', indexes: [] });
  return {
    get: async (requestSha256) => (await entries()).get(requestSha256),
    put: async (entry) => (await entries()).put(entry),
  };
}
