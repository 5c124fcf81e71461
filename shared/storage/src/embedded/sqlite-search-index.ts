import {
  assertPassages,
  assertQuery,
  assertScope,
  assertVectorLength,
  toUnitVector,
  type PassageScope,
} from '../passage-rules.ts';
import { reciprocalRankFusion, type FusedRank } from '../reciprocal-rank-fusion.ts';
import type {
  IndexedPassage,
  Passage,
  SearchHit,
  SearchIndex,
  SearchQuery,
} from '../search-index.ts';
import { inOwnTurn, type Database, type SqlRow } from './database.ts';
import { toFullTextQuery } from './full-text-query.ts';

export type SqliteSearchIndexOptions = {
  /** Stays open when the index is closed: whoever opened it closes it. */
  readonly database: Database;
  /** Passages of any other model are as good as absent, and go when their source is replaced. */
  readonly embeddingModel: string;
};

const IN_SCOPE = 'embedding_model = ? AND kind = ? AND source = ? AND version = ?';
type ScopeParameters = [model: string, kind: string, source: string, version: string];

/**
 * Exact search over the passages of one version of one source, which are few.
 *
 * BM25 weighs a word by how rare it is among those passages alone: they are put into a temporary
 * FTS5 table for the one search. In a common full-text table another candidate's upload would
 * change this candidate's ranking, and each search would read the postings of all candidates.
 */
export function createSqliteSearchIndex(options: SqliteSearchIndexOptions): SearchIndex {
  const { database, embeddingModel } = options;
  createTables(database);
  const scopeParameters = ({ kind, source, version }: PassageScope): ScopeParameters => [
    embeddingModel,
    kind,
    source,
    version,
  ];

  return {
    replaceSource: ({ kind, source, version }, passages) =>
      inOwnTurn(() => {
        assertPassages({ kind, source, version }, passages);
        database.transaction(() => {
          const [first] = passages;
          if (first) assertVectorLength(first.vector, knownLength(database, embeddingModel));
          database.run(
            'DELETE FROM search_passages WHERE kind = ? AND source = ? AND version = ?',
            kind,
            source,
            version,
          );
          for (const passage of passages) insertPassage(database, embeddingModel, passage);
        });
      }),
    hasSource: (scope) =>
      inOwnTurn(() => {
        assertScope(scope);
        const sql = `SELECT 1 FROM search_passages WHERE ${IN_SCOPE} LIMIT 1`;
        return database.get(sql, ...scopeParameters(scope)) !== undefined;
      }),
    search: (query) =>
      inOwnTurn(() => {
        assertQuery(query);
        if (query.mode !== 'text') {
          assertVectorLength(query.vector, knownLength(database, embeddingModel));
        }
        return search(database, scopeParameters(query.filter), query);
      }),
    deleteSource: (kind, source) =>
      inOwnTurn(() => {
        assertScope({ kind, source, version: 'any' });
        database.run('DELETE FROM search_passages WHERE kind = ? AND source = ?', kind, source);
      }),
    close: () => Promise.resolve(),
  };
}

function createTables(database: Database): void {
  database.transaction(() => {
    database.run(
      `CREATE TABLE IF NOT EXISTS search_passages (
         embedding_model TEXT NOT NULL,
         kind TEXT NOT NULL,
         source TEXT NOT NULL,
         version TEXT NOT NULL,
         ordinal INTEGER NOT NULL,
         passage TEXT NOT NULL,
         dimensions INTEGER NOT NULL,
         vector BLOB,
         UNIQUE (embedding_model, kind, source, version, ordinal)
       )`,
    );
    database.run(
      'CREATE INDEX IF NOT EXISTS search_passages_source ON search_passages (kind, source, version)',
    );
  });
  database.run(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_text
     USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')`,
  );
}

/** Dimensions of the vectors of this model; `undefined` while there are none. */
function knownLength(database: Database, embeddingModel: string): number | undefined {
  const sql = 'SELECT dimensions FROM search_passages WHERE embedding_model = ? LIMIT 1';
  return database.get(sql, embeddingModel)?.['dimensions'] as number | undefined;
}

function insertPassage(database: Database, embeddingModel: string, indexed: IndexedPassage): void {
  const { id, kind, source, version, ordinal, page, text, vector } = indexed;
  const passage: Passage = { id, kind, source, version, ordinal, page, text };
  const unit = toUnitVector(vector);
  database.run(
    `INSERT INTO search_passages
       (embedding_model, kind, source, version, ordinal, passage, dimensions, vector)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    embeddingModel,
    kind,
    source,
    version,
    ordinal,
    JSON.stringify(passage),
    vector.length,
    unit === undefined ? null : toBytes(unit),
  );
}

/** 32-bit floats one after another: what the vector functions of libsql take for a vector. */
const toBytes = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

function search(database: Database, scope: ScopeParameters, query: SearchQuery): SearchHit[] {
  return database.snapshot(() =>
    rank(database, scope, query)
      .slice(0, query.limit)
      .map(({ ordinal, score }) => ({ ...readPassage(database, scope, ordinal), score })),
  );
}

function rank(database: Database, scope: ScopeParameters, query: SearchQuery): FusedRank[] {
  switch (query.mode ?? 'hybrid') {
    case 'text':
      return rankByText(database, scope, query.text);
    case 'vector':
      return rankByVector(database, scope, query.vector);
    case 'hybrid': {
      const rankings = [
        rankByText(database, scope, query.text),
        rankByVector(database, scope, query.vector),
      ];
      return reciprocalRankFusion(rankings.map((ranking) => ranking.map(({ ordinal }) => ordinal)));
    }
  }
}

function rankByVector(
  database: Database,
  scope: ScopeParameters,
  vector: readonly number[],
): FusedRank[] {
  const unit = toUnitVector(vector);
  if (unit === undefined) return [];
  const rows = database.all(
    `SELECT ordinal, 1 - vector_distance_cos(vector, ?) AS score FROM search_passages
     WHERE ${IN_SCOPE} AND vector IS NOT NULL ORDER BY score DESC, ordinal`,
    toBytes(unit),
    ...scope,
  );
  return rows.map(toRank);
}

function rankByText(database: Database, scope: ScopeParameters, text: string): FusedRank[] {
  const fullTextQuery = toFullTextQuery(text);
  if (fullTextQuery === undefined) return [];
  // The snapshot around it takes these rows away again.
  database.run(
    `INSERT INTO temp.search_text (rowid, text)
     SELECT ordinal, json_extract(passage, '$.text') FROM search_passages WHERE ${IN_SCOPE}`,
    ...scope,
  );
  // FTS5 gives the best the most negative number.
  const rows = database.all(
    `SELECT rowid AS ordinal, -bm25(search_text) AS score FROM temp.search_text
     WHERE search_text MATCH ? ORDER BY score DESC, rowid`,
    fullTextQuery,
  );
  return rows.map(toRank);
}

const toRank = (row: SqlRow): FusedRank => ({
  ordinal: row['ordinal'] as number,
  score: row['score'] as number,
});

function readPassage(database: Database, scope: ScopeParameters, ordinal: number): Passage {
  const row = database.get(
    `SELECT passage FROM search_passages WHERE ${IN_SCOPE} AND ordinal = ?`,
    ...scope,
    ordinal,
  );
  return JSON.parse(row?.['passage'] as string) as Passage;
}
