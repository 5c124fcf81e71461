import { blobKeys, Job, Rubric, type KnowledgeReference } from '@berkas/contracts';
import type { BlobStore } from '@berkas/storage';

export interface KnowledgeReader {
  rubric(reference: KnowledgeReference): Promise<Rubric>;
  job(reference: KnowledgeReference): Promise<Job>;
}

/** Reads knowledge by id and version. A version never changes, so each is read once. */
export function createKnowledgeReader(blobs: BlobStore): KnowledgeReader {
  const cache = new Map<string, Promise<unknown>>();
  const read = (kind: 'job' | 'rubric', { id, version }: KnowledgeReference): Promise<unknown> => {
    const key = blobKeys.knowledge(kind, id, version);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const reading = blobs
      .get(key)
      .then((content) => JSON.parse(Buffer.from(content).toString('utf8')) as unknown);
    cache.set(key, reading);
    // A failed read is not remembered: the next evaluation tries again.
    reading.catch(() => cache.delete(key));
    return reading;
  };
  return {
    rubric: async (reference) => Rubric.parse(await read('rubric', reference)),
    job: async (reference) => Job.parse(await read('job', reference)),
  };
}
