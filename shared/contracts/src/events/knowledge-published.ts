import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { Identifier } from '../ids.ts';
import { KnowledgeKind } from '../knowledge.ts';

/** A version of a job, brief or rubric is stored and can be indexed. Written by the gateway. */
export const knowledgePublished = defineEvent({
  type: 'knowledge-published',
  version: 1,
  schema: z.object({ kind: KnowledgeKind, id: Identifier, version: Identifier }),
  key: (data) => data.id,
  identity: (data) => `${data.kind}/${data.id}@${data.version}`,
});
export type KnowledgePublished = z.infer<typeof knowledgePublished.schema>;
