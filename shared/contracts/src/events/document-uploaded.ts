import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { DocumentId, DocumentKind, Sha256 } from '../ids.ts';

/** A document is stored and can be read. Written by the gateway. */
export const documentUploaded = defineEvent({
  type: 'document-uploaded',
  version: 1,
  schema: z.object({
    documentId: DocumentId,
    kind: DocumentKind,
    bytes: z.int().min(1),
    sha256: Sha256,
  }),
  key: (data) => data.documentId,
  identity: (data) => data.documentId,
});
export type DocumentUploaded = z.infer<typeof documentUploaded.schema>;
