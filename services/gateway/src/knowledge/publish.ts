import { blobKeys, createEvent, knowledgePublished, type OutgoingEvent } from '@berkas/contracts';
import { canonicalJson, isoNow, type Clock } from '@berkas/service-kit';
import type { BlobStore, Collection } from '@berkas/storage';
import type { KnowledgeCatalog, KnowledgeEntry } from './catalog.ts';

/** One version of a knowledge document whose event is in the log. */
export type PublishedKnowledge = {
  /** `<kind>/<id>@<version>`. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly publishedAt: string;
};

/**
 * Publishes the versions that were not published before; answers how many. A crash in between
 * repeats a version with the same event id and never leaves one out, since the record comes last.
 */
export async function publishKnowledge(
  deps: {
    blobs: BlobStore;
    published: Collection<PublishedKnowledge>;
    publish: (events: readonly OutgoingEvent[]) => Promise<void>;
    clock: Clock;
  },
  catalog: KnowledgeCatalog,
): Promise<number> {
  const fresh: KnowledgeEntry[] = [];
  for (const entry of catalog.entries) {
    if ((await deps.published.get(recordId(entry))) === undefined) fresh.push(entry);
  }
  if (fresh.length === 0) return 0;
  for (const { document, version } of fresh) {
    const key = blobKeys.knowledge(document.kind, document.id, version);
    await deps.blobs.put(key, new TextEncoder().encode(canonicalJson(document)));
  }
  const time = isoNow(deps.clock);
  await deps.publish(
    fresh.map(({ document: { kind, id }, version }) =>
      createEvent(knowledgePublished, { kind, id, version }, { source: 'gateway', time }),
    ),
  );
  for (const entry of fresh) await deps.published.put({ id: recordId(entry), publishedAt: time });
  return fresh.length;
}

const recordId = ({ document, version }: KnowledgeEntry): string =>
  `${document.kind}/${document.id}@${version}`;
