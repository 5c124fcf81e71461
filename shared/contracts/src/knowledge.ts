import { z } from 'zod';
import { Identifier } from './ids.ts';

export const KnowledgeKind = z.enum(['job', 'brief', 'rubric']);
export type KnowledgeKind = z.infer<typeof KnowledgeKind>;

/** Also a name in the blob store and in addresses, so it is kept plain. */
const KnowledgeId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'Use lower-case letters, digits and hyphens, 64 at most.');

/** Names one version of one knowledge document; the version is the hash of its content. */
export const KnowledgeReference = z.object({ id: KnowledgeId, version: Identifier });
export type KnowledgeReference = z.infer<typeof KnowledgeReference>;

export const MIN_SCORE = 1;
export const MAX_SCORE = 5;

const Guide = z.object({
  '1': z.string().min(1),
  '2': z.string().min(1),
  '3': z.string().min(1),
  '4': z.string().min(1),
  '5': z.string().min(1),
});

export const RubricParameter = z.object({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  label: z.string().min(1),
  weight: z.number().positive().max(1),
  looks_at: z.string().min(1),
  /** What each score from 1 to 5 means. */
  guide: Guide,
});
export type RubricParameter = z.infer<typeof RubricParameter>;

export const Rubric = z
  .object({
    kind: z.literal('rubric'),
    id: KnowledgeId,
    title: z.string().min(1),
    scores: z.enum(['cv', 'project']),
    parameters: z.array(RubricParameter).min(1),
  })
  .superRefine((rubric, context) => {
    const ids = rubric.parameters.map((parameter) => parameter.id);
    const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
    if (repeated.length > 0) {
      context.addIssue({
        code: 'custom',
        path: ['parameters'],
        message: `Parameter ids repeat: ${repeated.join(', ')}.`,
      });
    }
    const sum = rubric.parameters.reduce((total, parameter) => total + parameter.weight, 0);
    // Decimal weights such as 0.1 have no exact binary form: compare with a tolerance.
    if (Math.abs(sum - 1) > 1e-6) {
      context.addIssue({
        code: 'custom',
        path: ['parameters'],
        message: `The weights sum to ${sum.toFixed(4)}; they must sum to 1.`,
      });
    }
  });
export type Rubric = z.infer<typeof Rubric>;

export const Job = z.object({
  kind: z.literal('job'),
  id: KnowledgeId,
  title: z.string().min(1),
  /** Ids of the brief and rubrics that applications for this job are judged by. */
  brief: KnowledgeId,
  cv_rubric: KnowledgeId,
  project_rubric: KnowledgeId,
  text: z.string().min(1),
});
export type Job = z.infer<typeof Job>;

export const Brief = z.object({
  kind: z.literal('brief'),
  id: KnowledgeId,
  title: z.string().min(1),
  text: z.string().min(1),
});
export type Brief = z.infer<typeof Brief>;

export const KnowledgeDocument = z.discriminatedUnion('kind', [Job, Brief, Rubric]);
export type KnowledgeDocument = z.infer<typeof KnowledgeDocument>;

/** The versions one evaluation is judged by, fixed when it is accepted. */
export const KnowledgeVersions = z.object({
  job: KnowledgeReference,
  brief: KnowledgeReference,
  cv_rubric: KnowledgeReference,
  project_rubric: KnowledgeReference,
});
export type KnowledgeVersions = z.infer<typeof KnowledgeVersions>;
