import { z } from 'zod';

/** The `rubric` part of a scoring prompt. */
export const rubricSchema = z.object({
  id: z.string().default('rubric'),
  scores: z.enum(['cv', 'project']),
  parameters: z
    .array(
      z.object({
        id: z.string().min(1),
        label: z.string().default(''),
        weight: z.number().nonnegative().default(1),
        looks_at: z.string().default(''),
        guide: z.record(z.string(), z.string()).default({}),
      }),
    )
    .min(1),
});

export type Rubric = z.infer<typeof rubricSchema>;
export type RubricParameter = Rubric['parameters'][number];
