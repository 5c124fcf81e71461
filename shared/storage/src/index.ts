export * from './blob-store.ts';
export * from './document-store.ts';
export * from './search-index.ts';
