import { sha256 } from '@berkas/service-kit';
import type { Collection } from '@berkas/storage';

/** What the first request with a key was, and what was accepted for it. */
export type KeyRecord<Accepted> = {
  /** `<endpoint>:<hash of the key>`. */
  readonly id: string;
  /** Hash of the request's content. */
  readonly fingerprint: string;
  readonly accepted: Accepted;
};

export type Claim<Accepted> =
  | { readonly outcome: 'first' | 'repeated'; readonly accepted: Accepted }
  | { readonly outcome: 'conflict' };

export interface IdempotencyKeys<Accepted> {
  /** Whether something was accepted under the key, whatever that was. */
  isClaimed(key: string): Promise<boolean>;
  /** What was accepted under the key before; nothing when the key is new. */
  find(key: string, fingerprint: string): Promise<Claim<Accepted> | undefined>;
  /** Accepts under the key, unless another request was first: then says what that one was. */
  claim(key: string, fingerprint: string, accepted: Accepted): Promise<Claim<Accepted>>;
}

/**
 * Makes repeated requests harmless without a lock: each request prepares its own record under ids
 * of its own, and one atomic insert decides which of them the key stands for. Two at once cannot
 * both win, and one that dies before the insert has claimed nothing. The ids are random rather than
 * derived from the key: a key may be guessed, and an id is what lets a result be read.
 */
export function createIdempotencyKeys<Accepted>(
  endpoint: string,
  collection: Collection<KeyRecord<Accepted>>,
): IdempotencyKeys<Accepted> {
  const recordId = (key: string): string => `${endpoint}:${sha256(key)}`;
  const compare = (record: KeyRecord<Accepted>, fingerprint: string): Claim<Accepted> =>
    record.fingerprint === fingerprint
      ? { outcome: 'repeated', accepted: record.accepted }
      : { outcome: 'conflict' };

  const find: IdempotencyKeys<Accepted>['find'] = async (key, fingerprint) => {
    const record = await collection.get(recordId(key));
    return record === undefined ? undefined : compare(record, fingerprint);
  };

  return {
    isClaimed: async (key) => (await collection.get(recordId(key))) !== undefined,
    find,
    claim: async (key, fingerprint, accepted) => {
      const isFirst = await collection.insert({ id: recordId(key), fingerprint, accepted });
      if (isFirst) return { outcome: 'first', accepted };
      const earlier = await find(key, fingerprint);
      if (earlier === undefined) throw new Error('A claimed idempotency key is gone again.');
      return earlier;
    },
  };
}
