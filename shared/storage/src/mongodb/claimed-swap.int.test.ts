import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MongoClient, type Collection } from 'mongodb';
import { requiredVariable } from '../testing/required-variable.ts';
import { createClaimedSwap } from './claimed-swap.ts';
import { createSwap } from './compare-and-swap.ts';
import { toRecord, type DocumentRecord } from './document-record.ts';

const url = requiredVariable(process.env, 'MONGODB_URL');
const definition = { name: 'documents', indexes: [] };
const recordOf = (count: number): DocumentRecord =>
  toRecord(definition, { id: 'document', count } as { id: string });

describe('a swap under a claim', () => {
  let client: MongoClient;
  let records: Collection<DocumentRecord>;
  let claims: Collection<{ _id: string; holder: string }>;
  const first = recordOf(1);

  beforeEach(async () => {
    client = new MongoClient(url);
    const database = client.db(`berkas-test-${randomUUID()}`);
    records = database.collection('documents');
    claims = database.collection('documents_claims');
    await records.insertOne(first);
  });
  afterEach(async () => {
    await records.db.dropDatabase();
    await client.close();
  });

  it('lets one of many replace a revision, and leaves no claim', async () => {
    const one = createClaimedSwap(records, createSwap(records));
    const other = createClaimedSwap(records, createSwap(records));
    const candidates = Array.from({ length: 40 }, (_, count) => recordOf(count));
    const won = await Promise.all(
      candidates.map((next, index) => (index % 2 === 0 ? one : other)(first, next)),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await records.findOne()).toEqual(candidates[won.indexOf(true)]);
    expect(await claims.countDocuments()).toBe(0);
  });

  it('replaces nothing on a revision of the past', async () => {
    const swap = createClaimedSwap(records, createSwap(records));
    const second = recordOf(2);
    expect(await swap(first, second)).toBe(true);
    expect(await swap(first, recordOf(3))).toBe(false);
    expect(await records.findOne()).toEqual(second);
  });

  it('waits for a claim that is held, and breaks it once its holder must be dead', async () => {
    await claims.insertOne({ _id: `${first.revision}/document`, holder: 'dead' });
    const patient = createClaimedSwap(records, createSwap(records), 3_600_000);
    const impatient = createClaimedSwap(records, createSwap(records), 0);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await patient(first, recordOf(2))).toBe(false);
    }
    // It sees the claim, sees it again and breaks it, and then has it.
    expect(await impatient(first, recordOf(3))).toBe(false);
    expect(await impatient(first, recordOf(3))).toBe(false);
    expect(await impatient(first, recordOf(3))).toBe(true);
    expect(await claims.countDocuments()).toBe(0);
  });
});
