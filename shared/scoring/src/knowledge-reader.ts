import { blobKeys, Job, Rubric, type KnowledgeReference } from '@berkas/contracts';
import type { BlobStore } from '@berkas/storage';
import type { z } from 'zod';

export interface KnowledgeReader {
  rubric(reference: KnowledgeReference): Promise<Rubric>;
  job(reference: KnowledgeReference): Promise<Job>;
}

/** Reads knowledge by id and version. A version never changes, so each is read and parsed once. */
export function createKnowledgeReader(blobs: BlobStore): KnowledgeReader {
  const readerOf = <Document>(kind: 'job' | 'rubric', schema: z.ZodType<Document>) => {
    const cache = new Map<string, Promise<Document>>();
    return ({ id, version }: KnowledgeReference): Promise<Document> => {
      const key = blobKeys.knowledge(kind, id, version);
      const known = cache.get(key);
      if (known !== undefined) return known;
      const reading = blobs
        .get(key)
        .then((content) => schema.parse(JSON.parse(Buffer.from(content).toString('utf8'))));
      cache.set(key, reading);
      // A failed read is not remembered: the next evaluation tries again.
      reading.catch(() => cache.delete(key));
      return reading;
    };
  };
  return { rubric: readerOf('rubric', Rubric), job: readerOf('job', Job) };
}
