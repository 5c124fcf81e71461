import { randomUUID } from 'node:crypto';
import type { Collection as MongoCollection } from 'mongodb';
import { insertNew, type Swap } from './compare-and-swap.ts';
import type { DocumentRecord } from './document-record.ts';

/**
 * FerretDB 1 reads a document and writes it in two steps: of two that replace the same revision at
 * once it lets both through, and an update is lost.
 */
export const needsClaims = (build: Readonly<Record<string, unknown>>): boolean => {
  const version = build['ferretdbVersion'];
  // One that was built as a part of another program says "unknown".
  return typeof version === 'string' && !/^v?([2-9]|[1-9]\d+)\./.test(version);
};

type Claim = {
  /** Of the document and the revision that is to be replaced. */
  _id: string;
  holder: string;
};

/** Longer than any writer holds one that lives: a claim in the way for so long is a dead one's. */
const CLAIM_LIFE_MS = 5_000;

/**
 * A swap for servers on which only an insert is atomic: whoever inserts the claim on a revision
 * may replace it. A revision never comes again, so that a claim on an old one, made by somebody who
 * read it before, finds nothing to replace.
 */
export function createClaimedSwap(
  records: MongoCollection<DocumentRecord>,
  swap: Swap,
  claimLifeMs = CLAIM_LIFE_MS,
): Swap {
  const claims = records.db.collection<Claim>(`${records.collectionName}_claims`);
  const inTheWay = new Map<string, { holder: string; sinceMs: number }>();

  async function breakIfDead(id: string): Promise<void> {
    const claim = await claims.findOne({ _id: id });
    const known = inTheWay.get(id);
    if (claim === null) {
      inTheWay.delete(id);
      return;
    }
    if (known?.holder !== claim.holder) {
      inTheWay.set(id, { holder: claim.holder, sinceMs: performance.now() });
      return;
    }
    if (performance.now() - known.sinceMs < claimLifeMs) return;
    await claims.deleteOne({ _id: id, holder: claim.holder });
    inTheWay.delete(id);
  }

  return async (current, next) => {
    if (current === undefined) return swap(current, next);
    const claim: Claim = { _id: `${current.revision}/${current._id}`, holder: randomUUID() };
    if (!(await insertNew(claims, claim))) {
      await breakIfDead(claim._id);
      return false;
    }
    try {
      return await swap(current, next);
    } finally {
      inTheWay.delete(claim._id);
      await claims.deleteOne({ _id: claim._id, holder: claim.holder });
    }
  };
}
