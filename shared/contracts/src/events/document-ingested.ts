import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { FailureCode, FailureDetails } from '../failure.ts';
import { DocumentId, DocumentKind } from '../ids.ts';

const about = { documentId: DocumentId, kind: DocumentKind };

/** A document was read into text and passages, or cannot be. Written by ingest. */
export const documentIngested = defineEvent({
  type: 'document-ingested',
  version: 1,
  schema: z.discriminatedUnion('outcome', [
    z.object({
      ...about,
      outcome: z.literal('ingested'),
      pages: z.int().min(1),
      characters: z.int().min(1),
      passages: z.int().min(1),
    }),
    z.object({
      ...about,
      outcome: z.literal('rejected'),
      code: FailureCode,
      details: FailureDetails.optional(),
    }),
  ]),
  key: (data) => data.documentId,
  identity: (data) => data.documentId,
});
export type DocumentIngested = z.infer<typeof documentIngested.schema>;
