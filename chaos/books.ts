import {
  blobKeys,
  documentIngested,
  EvaluationResult,
  evaluationClosed,
  evaluationRequested,
  readModelCollections,
  WORKERS,
  type DocumentIngested,
  type DocumentKind,
  type DocumentView,
  type EvaluationClosed,
  type EvaluationView,
  type EventDefinition,
  type ResultResponse,
} from '@berkas/contracts';
import { createStoredLedger } from '@berkas/composition';
import { deadLetterTopic, decodeEvent, type EventBus } from '@berkas/messaging';
import {
  findAll,
  readJson,
  type BlobStore,
  type DocumentStore,
  type StoredDocument,
} from '@berkas/storage';
import type { Accepted, ClosedResponse } from './load.ts';
import { atMost } from './load.ts';
import type { System } from './system.ts';

/** What clients were told. */
export type Told = {
  readonly accepted: readonly Accepted[];
  /** How each was first seen closed. */
  readonly firstClosed: ReadonlyMap<string, ClosedResponse>;
  /** The answer after everything. */
  readonly last: ReadonlyMap<string, ResultResponse>;
};

/** What the stopped installation holds. */
export type Kept = {
  /** Ids of evaluations in the log. */
  readonly requested: ReadonlySet<string>;
  /** Every `evaluation-closed` of an evaluation, repeats included. */
  readonly closed: ReadonlyMap<string, readonly EvaluationClosed[]>;
  readonly ingested: ReadonlyMap<string, readonly DocumentIngested[]>;
  readonly evaluationViews: ReadonlyMap<string, EvaluationView>;
  readonly documentViews: ReadonlyMap<string, DocumentView>;
  readonly blobKeys: ReadonlySet<string>;
  /** By evaluation. */
  readonly results: ReadonlyMap<string, EvaluationResult>;
  /** Passages found in the index, by document that was ingested. */
  readonly passages: ReadonlyMap<string, number>;
  /** Hashes of requests whose answers are in the ledger, of those that results name. */
  readonly ledger: ReadonlySet<string>;
  readonly deadLetters: readonly { readonly group: string; readonly about: string }[];
};

const AT_ONCE = 8;
const MORE_THAN_ANY_DOCUMENT = 1_000;

/** Reads all that a stopped installation kept. */
export async function collectKept(system: System): Promise<Kept> {
  const opened = await system.open();
  const { bus, blobs, documents, search, model } = opened.ports;
  try {
    const ingested = grouped(await eventsOf(bus, documentIngested), (data) => data.documentId);
    const closed = grouped(await eventsOf(bus, evaluationClosed), (data) => data.evaluationId);
    const keys = new Set(await system.blobKeys());
    const results = await resultsOf(blobs, keys);
    const { vectors } = await model.embed(['passage']);
    const passages = new Map<string, number>();
    const uploads = await uploadHashes(documents);
    await atMost(AT_ONCE, [...ingested.values()], async ([first]) => {
      if (first?.outcome !== 'ingested') return;
      const { kind, documentId: source } = first;
      const filter = { kind, source, version: uploads.get(source) ?? '' };
      const query = { text: 'passage', vector: vectors[0] ?? [], filter, mode: 'vector' } as const;
      const found = await search.search({ ...query, limit: MORE_THAN_ANY_DOCUMENT });
      passages.set(source, found.length);
    });
    return {
      ingested,
      closed,
      results,
      passages,
      requested: new Set(
        (await eventsOf(bus, evaluationRequested)).map((data) => data.evaluationId),
      ),
      blobKeys: keys,
      evaluationViews: await allOf<EvaluationView>(
        documents,
        readModelCollections.evaluations.name,
        (view) => view.evaluationId,
      ),
      documentViews: await allOf<DocumentView>(documents, readModelCollections.documents.name),
      ledger: await ledgerOf(documents, [...results.values()]),
      deadLetters: await deadLettersOf(bus),
    };
  } finally {
    await opened.close();
  }
}

async function eventsOf<Data>(bus: EventBus, definition: EventDefinition<Data>): Promise<Data[]> {
  const events: Data[] = [];
  for await (const message of bus.replay(definition.topic, new Date(0))) {
    events.push(decodeEvent(definition, message).data);
  }
  return events;
}

function grouped<Data>(all: readonly Data[], keyOf: (data: Data) => string): Map<string, Data[]> {
  const groups = new Map<string, Data[]>();
  for (const data of all) groups.set(keyOf(data), [...(groups.get(keyOf(data)) ?? []), data]);
  return groups;
}

async function allOf<Document extends StoredDocument>(
  documents: DocumentStore,
  name: string,
  keyOf: (document: Document) => string = ({ id }) => id,
): Promise<Map<string, Document>> {
  const collection = await documents.collection<Document>({ name, indexes: [] });
  const all = new Map<string, Document>();
  for await (const document of findAll(collection)) all.set(keyOf(document), document);
  return all;
}

type Upload = { readonly id: string; readonly kind: DocumentKind; readonly sha256: string };

/** By document: the index knows a document in the version of its content. */
async function uploadHashes(documents: DocumentStore): Promise<Map<string, string>> {
  const uploads = await allOf<Upload>(documents, 'gateway-documents');
  return new Map([...uploads].map(([id, { sha256 }]) => [id, sha256]));
}

const RESULT = /^results\/(eval_[0-9a-f]{24})\.live\.json$/;

async function resultsOf(
  blobs: BlobStore,
  keys: ReadonlySet<string>,
): Promise<Map<string, EvaluationResult>> {
  const results = new Map<string, EvaluationResult>();
  const ids = [...keys].flatMap((key) => RESULT.exec(key)?.[1] ?? []);
  await atMost(AT_ONCE, ids, async (id) => {
    results.set(id, await readJson(blobs, blobKeys.result(id, 'live'), EvaluationResult));
  });
  return results;
}

async function ledgerOf(
  documents: DocumentStore,
  results: readonly EvaluationResult[],
): Promise<Set<string>> {
  const ledger = createStoredLedger(documents);
  const named = results.flatMap(({ receipt }) =>
    receipt.calls.map(({ request_sha256: hash }) => hash),
  );
  const kept = new Set<string>();
  await atMost(AT_ONCE, [...new Set(named)], async (hash) => {
    if ((await ledger.get(hash)) !== undefined) kept.add(hash);
  });
  return kept;
}

async function deadLettersOf(bus: EventBus): Promise<Kept['deadLetters']> {
  const letters: { group: string; about: string }[] = [];
  for (const group of WORKERS) {
    for await (const { key, headers } of bus.replay(deadLetterTopic(group), new Date(0))) {
      const why = DEAD_LETTER_HEADERS.map((name) => headers[name] ?? 'unknown');
      letters.push({ group, about: [headers['ce_id'] ?? key, ...why].join(', ') });
    }
  }
  return letters;
}

const DEAD_LETTER_HEADERS = ['dead-letter-code', 'dead-letter-reason'] as const;
