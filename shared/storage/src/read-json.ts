import type { BlobStore } from './blob-store.ts';

/** Anything that checks a value and answers it typed, such as a zod schema. */
type Parser<Value> = { parse(value: unknown): Value };

/** Reads a blob as JSON of a known shape; rejects as `get` does, or with what the parser throws. */
export async function readJson<Value>(
  blobs: BlobStore,
  key: string,
  parser: Parser<Value>,
): Promise<Value> {
  const content = await blobs.get(key);
  return parser.parse(JSON.parse(Buffer.from(content).toString('utf8')));
}
