import { z } from 'zod';
import { DocumentId, Sha256 } from '../ids.ts';

export const UploadedDocument = z.object({
  id: DocumentId,
  filename: z.string(),
  bytes: z.int().min(1),
  sha256: Sha256,
});
export type UploadedDocument = z.infer<typeof UploadedDocument>;

export const UploadResponse = z.object({ cv: UploadedDocument, project_report: UploadedDocument });
export type UploadResponse = z.infer<typeof UploadResponse>;
