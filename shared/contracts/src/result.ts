import { z } from 'zod';
import { DocumentId, Identifier, RunName, Sha256 } from './ids.ts';
import { MAX_SCORE, MIN_SCORE } from './knowledge.ts';

export const Evidence = z.object({
  /** The document's own words, found again in its text. */
  quote: z.string().min(1),
  /** 1-based page of the document. */
  page: z.int().min(1),
});
export type Evidence = z.infer<typeof Evidence>;

export const Score = z.int().min(MIN_SCORE).max(MAX_SCORE);

export const ParameterScore = z.object({
  id: z.string(),
  label: z.string(),
  weight: z.number(),
  score: Score,
  reason: z.string().min(1),
  evidence: z.array(Evidence),
  /** Highest minus lowest score over the samples; 0 with a single sample. */
  spread: z.number().min(0),
});
export type ParameterScore = z.infer<typeof ParameterScore>;

export const Flag = z.object({ code: Identifier, message: z.string() });
export type Flag = z.infer<typeof Flag>;

export const Tokens = z.object({ prompt: z.int().min(0), completion: z.int().min(0) });
export type Tokens = z.infer<typeof Tokens>;

/** A passage of the system's own documents that was retrieved into a prompt. */
export const ContextPassage = z.object({
  source: Identifier,
  version: Identifier,
  passage: Identifier,
});
export type ContextPassage = z.infer<typeof ContextPassage>;

/** How one model call of the chain was made, enough to make it again. */
export const CallReceipt = z.object({
  stage: z.enum(['cv', 'project', 'synthesis']),
  /** What the endpoint said answered. */
  model: z.string(),
  /** Which of the configured endpoints that was. */
  endpoint: z.enum(['primary', 'fallback']).default('primary'),
  prompt_version: Identifier,
  rubric_version: Identifier.optional(),
  temperature: z.number(),
  seed: z.int(),
  /** Hash of the whole request whose answer was used. */
  request_sha256: Sha256,
  attempts: z.int().min(1),
  tokens: Tokens,
});
export type CallReceipt = z.infer<typeof CallReceipt>;

export const Receipt = z.object({
  run: RunName,
  model: z.string(),
  embedding_model: z.string(),
  prompt_version: z.string(),
  rubric_version: z.string(),
  temperature: z.number(),
  seed: z.int(),
  documents: z.array(z.object({ id: DocumentId, sha256: Sha256 })),
  context: z.array(ContextPassage),
  /** All model calls that were answered on the way, repeated ones included. */
  attempts: z.int().min(1),
  tokens: Tokens,
  service_version: z.string(),
  calls: z.array(CallReceipt),
});
export type Receipt = z.infer<typeof Receipt>;

/** What one evaluator hands to the synthesizer, kept in the blob store. */
export const PartResult = z.object({
  /** Weighted mean of the scores, 1 to 5, not rounded. */
  weighted_mean: z.number(),
  parameters: z.array(ParameterScore).min(1),
  feedback: z.string().min(1),
  flags: z.array(Flag),
  context: z.array(ContextPassage),
  embedding_model: z.string(),
  call: CallReceipt,
});
export type PartResult = z.infer<typeof PartResult>;

const ScoredPart = z.object({ parameters: z.array(ParameterScore).min(1) });

export const EvaluationResult = z.object({
  /** 0.2 to 1, two decimals. */
  cv_match_rate: z.number(),
  cv_feedback: z.string(),
  /** 1 to 5, two decimals. */
  project_score: z.number(),
  project_feedback: z.string(),
  overall_summary: z.string(),
  cv: ScoredPart,
  project: ScoredPart,
  flags: z.array(Flag),
  needs_review: z.boolean(),
  receipt: Receipt,
});
export type EvaluationResult = z.infer<typeof EvaluationResult>;
