import { describe } from '@jest/globals';
import type { SearchContractFactory } from './search-contract-fixture.ts';
import { rankingContract } from './search-ranking-contract.ts';
import { sourcesContract } from './search-sources-contract.ts';
import { vectorsContract } from './search-vectors-contract.ts';

/** What every search index does. The factory's `open` takes the name of the embedding model. */
export function searchIndexContract(name: string, factory: SearchContractFactory): void {
  describe(`${name} as a search index`, () => {
    rankingContract(factory);
    vectorsContract(factory);
    sourcesContract(factory);
  });
}
