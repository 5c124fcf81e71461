import type { Breaker } from '@berkas/service-kit';
import type { SearchIndex } from '../search-index.ts';

/** The same index, each call of which goes through the breaker. */
export function guardSearchIndex(index: SearchIndex, breaker: Breaker): SearchIndex {
  return {
    replaceSource: (source, passages) => breaker.run(() => index.replaceSource(source, passages)),
    hasSource: (source) => breaker.run(() => index.hasSource(source)),
    search: (query) => breaker.run(() => index.search(query)),
    deleteSource: (kind, source) => breaker.run(() => index.deleteSource(kind, source)),
    close: () => index.close(),
  };
}
