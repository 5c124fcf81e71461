import type { Collection, FindOptions, StoredDocument } from './document-store.ts';

/**
 * All that match, in the order of their ids, read a page at a time. What changes meanwhile may be
 * seen as it was or as it is; each is seen once at most.
 */
export async function* findAll<Document extends StoredDocument>(
  collection: Pick<Collection<Document>, 'find'>,
  where: NonNullable<FindOptions<Document>['where']> = {},
  pageSize = 500,
): AsyncGenerator<Document, void> {
  let afterId: string | undefined;
  for (;;) {
    const after = afterId === undefined ? {} : { afterId };
    const page = await collection.find({ where, limit: pageSize, ...after });
    yield* page;
    if (page.length < pageSize) return;
    afterId = page.at(-1)?.id;
  }
}
