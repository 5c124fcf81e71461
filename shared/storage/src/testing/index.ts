export * from './blob-store-contract.ts';
export * from './contract-factory.ts';
export * from './document-store-contract.ts';
export * from './passages.ts';
export * from './search-index-contract.ts';
export * from './temporary-storage.ts';
export { openFaultyConnection, type FaultyConnection } from './toxiproxy.ts';
