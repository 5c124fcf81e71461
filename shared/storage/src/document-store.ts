/** A JSON document with its own id. */
export type StoredDocument = { readonly id: string };

export type CollectionDefinition<Document extends StoredDocument> = {
  /** Kebab-case. */
  readonly name: string;
  /** Top-level string fields that `find` can look by. */
  readonly indexes: readonly (keyof Document & string)[];
};

export type FindOptions<Document extends StoredDocument> = {
  /** Equality on indexed fields, all of them. */
  readonly where?: Partial<Record<keyof Document & string, string>>;
  /** Only ids after this one: pages of a listing. Results are ordered by id. */
  readonly afterId?: string;
  /** Default 100, at most 1000. */
  readonly limit?: number;
};

export interface Collection<Document extends StoredDocument> {
  get(id: string): Promise<Document | undefined>;
  /** Stores it if the id is new; answers whether it did. Of several at once, exactly one does. */
  insert(document: Document): Promise<boolean>;
  /** Stores or replaces. */
  put(document: Document): Promise<void>;
  /**
   * Reads, changes and writes one document atomically, and answers what is stored then.
   * `change` is pure and may be called again when another writer was faster; answering its input
   * (the same reference) writes nothing.
   */
  modify<Next extends Document>(
    id: string,
    change: (current: Document | undefined) => Next,
  ): Promise<Next>;
  find(options?: FindOptions<Document>): Promise<Document[]>;
  /** Deleting what is not there is no error. */
  delete(id: string): Promise<void>;
}

/**
 * Collections of JSON documents: read model, joins, ledger. Rejects with a `StorageError`:
 * `invalid_collection`, `invalid_document`, `invalid_query`.
 */
export interface DocumentStore {
  /** Ready to use when it resolves, with its indexes; safe to repeat. */
  collection<Document extends StoredDocument>(
    definition: CollectionDefinition<Document>,
  ): Promise<Collection<Document>>;
  close(): Promise<void>;
}
