import { z } from 'zod';

export const JobsResponse = z.object({
  jobs: z.array(z.object({ id: z.string(), title: z.string(), version: z.string() })),
});
export type JobsResponse = z.infer<typeof JobsResponse>;
