import { describe } from '@jest/globals';
import type { DocumentStore } from '../document-store.ts';
import type { ContractFactory } from './contract-factory.ts';
import { contentContract } from './document-content-contract.ts';
import { findContract } from './document-find-contract.ts';
import { writersContract } from './document-writers-contract.ts';

/** What every document store does, whether its database has transactions or not. */
export function documentStoreContract(name: string, factory: ContractFactory<DocumentStore>): void {
  describe(`${name} as a document store`, () => {
    contentContract(factory);
    writersContract(factory);
    findContract(factory);
  });
}
