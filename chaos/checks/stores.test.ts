import { describe, expect, it } from '@jest/globals';
import { altered, COMPLETED, DOCUMENTS, FAILED, HASH, kept, told, without } from './cooked.ts';
import { checkStores } from './stores.ts';

const [document = ''] = DOCUMENTS;

describe('the stores', () => {
  it('hold all that they should', () => {
    expect(checkStores(told, kept)).toEqual([]);
  });

  it.each([...kept.blobKeys])('are found out where %s is missing', (key) => {
    const blobKeys = without(kept.blobKeys, key);
    expect(checkStores(told, { ...kept, blobKeys })).toEqual([`${key}: is missing`]);
  });

  it.each([
    `results/${FAILED}.live.json`,
    'results/eval_00000000000000000000000f.live.cv.json',
    'results/left-over',
  ])('are found out where %s is there', (key) => {
    const blobKeys = new Set([...kept.blobKeys, key]);
    expect(checkStores(told, { ...kept, blobKeys })).toEqual([
      `${key}: belongs to nothing that was completed`,
    ]);
  });

  it('are found out where the index has too few passages, too many or none', () => {
    for (const found of [2, 4, undefined]) {
      const passages = altered(kept.passages, document, found);
      expect(checkStores(told, { ...kept, passages })).toEqual([
        `${document}: ${found ?? 0} passages in the index, 3 in the log`,
      ]);
    }
  });

  it('are found out where a document was never read', () => {
    const ingested = altered(kept.ingested, document, undefined);
    expect(checkStores(told, { ...kept, ingested })).toEqual([
      `${document}: accepted, and never read`,
    ]);
  });

  it('are found out where the ledger lacks a paid answer', () => {
    expect(checkStores(told, { ...kept, ledger: new Set() })).toEqual([
      `${COMPLETED}: the ledger lacks the call of cv, ${HASH}`,
    ]);
  });

  it('are found out where anything was given up', () => {
    const deadLetters = [{ group: 'ingest', about: 'all about it' }];
    expect(checkStores(told, { ...kept, deadLetters })).toEqual([
      'a dead letter of ingest: all about it',
    ]);
  });
});
