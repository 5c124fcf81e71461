import { z } from 'zod';

/** A document as text, page by page, in reading order. */
export const DocumentText = z.object({
  pages: z.array(z.object({ number: z.int().min(1), text: z.string() })).min(1),
});
export type DocumentText = z.infer<typeof DocumentText>;
