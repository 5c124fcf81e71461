import type { Client, estypes } from '@elastic/elasticsearch';
import { toUnitVector } from '../passage-rules.ts';
import { reciprocalRankFusion } from '../reciprocal-rank-fusion.ts';
import type { Passage, SearchHit, SearchQuery } from '../search-index.ts';
import type { Ask } from './elasticsearch-call.ts';
import { inScope, scopeDigest, type PassageRecord } from './passage-index.ts';
import { toQueryWords } from './searchable-words.ts';

/**
 * How many passages each ranking has at least: more than most sources hold, so that fusing is not
 * cut off by a small limit, and kNN compares all passages of the source.
 */
const MIN_WINDOW = 200;
/** `index.max_result_window`, and the most that kNN takes for k. */
const MAX_WINDOW = 10_000;

export type PassageRanking = (query: SearchQuery) => Promise<SearchHit[]>;

export function createPassageRanking(ask: Ask, client: Client, alias: string): PassageRanking {
  async function search(query: SearchQuery, request: estypes.SearchRequest): Promise<SearchHit[]> {
    const answer = await ask('search passages', (options) =>
      client.search<PassageRecord>(
        {
          ...request,
          index: alias,
          size: windowOf(query),
          _source: ['passage'],
          track_total_hits: false,
          // One copy of the shard answers all questions about a source: the same each time.
          preference: scopeDigest(query.filter),
        },
        options,
      ),
    );
    return answer.hits.hits.map(toHit).sort(byScoreThenOrdinal);
  }

  const byText = async (query: SearchQuery): Promise<SearchHit[]> => {
    const words = toQueryWords(query.text);
    if (words === undefined) return [];
    return search(query, {
      query: { bool: { must: [{ match: { words } }], filter: inScope(query.filter) } },
    });
  };

  const byVector = async (query: SearchQuery): Promise<SearchHit[]> => {
    const unit = toUnitVector(query.vector);
    if (unit === undefined) return [];
    const hits = await search(query, {
      knn: {
        field: 'vector',
        query_vector: [...unit],
        k: windowOf(query),
        num_candidates: windowOf(query),
        // Elasticsearch compares few passages one by one, those without a vector too.
        filter: [...inScope(query.filter), { exists: { field: 'vector' } }],
      },
    });
    // Elasticsearch moves the cosine to 0…1.
    return hits.map((hit) => ({ ...hit, score: 2 * hit.score - 1 }));
  };

  return async (query) => {
    const mode = query.mode ?? 'hybrid';
    if (mode === 'text') return (await byText(query)).slice(0, query.limit);
    if (mode === 'vector') return (await byVector(query)).slice(0, query.limit);
    return fuse(await Promise.all([byText(query), byVector(query)])).slice(0, query.limit);
  };
}

const windowOf = ({ limit }: SearchQuery): number =>
  Math.min(Math.max(limit, MIN_WINDOW), MAX_WINDOW);

function toHit({ _source, _score }: estypes.SearchHit<PassageRecord>): SearchHit {
  const passage = JSON.parse(_source?.passage ?? 'null') as Passage;
  return { ...passage, score: _score ?? 0 };
}

const byScoreThenOrdinal = (one: SearchHit, other: SearchHit): number =>
  other.score - one.score || one.ordinal - other.ordinal;

function fuse(rankings: readonly SearchHit[][]): SearchHit[] {
  const hits = new Map(rankings.flat().map((hit) => [hit.ordinal, hit]));
  const ordinals = rankings.map((ranking) => ranking.map(({ ordinal }) => ordinal));
  return reciprocalRankFusion(ordinals).flatMap(({ ordinal, score }) => {
    const hit = hits.get(ordinal);
    return hit === undefined ? [] : [{ ...hit, score }];
  });
}
