import { blobKeys, Job, Rubric, type KnowledgeReference } from '@berkas/contracts';
import { readJson, type BlobStore } from '@berkas/storage';
import type { z } from 'zod';
import { createMemory } from './memory.ts';

export interface KnowledgeReader {
  rubric(reference: KnowledgeReference): Promise<Rubric>;
  job(reference: KnowledgeReference): Promise<Job>;
}

/** Reads knowledge by id and version. A version never changes, so each is read and parsed once. */
export function createKnowledgeReader(blobs: BlobStore): KnowledgeReader {
  const readerOf = <Document>(kind: 'job' | 'rubric', schema: z.ZodType<Document>) => {
    const remembered = createMemory<Document>();
    return ({ id, version }: KnowledgeReference): Promise<Document> => {
      const key = blobKeys.knowledge(kind, id, version);
      return remembered(key, () => readJson(blobs, key, schema));
    };
  };
  return { rubric: readerOf('rubric', Rubric), job: readerOf('job', Job) };
}
