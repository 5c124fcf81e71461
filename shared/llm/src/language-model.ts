import type { Tokens } from '@berkas/contracts';
import type { z } from 'zod';

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };

export type CompletionRequest<Answer> = {
  /** Names the kind of answer for the endpoint, such as `cv_evaluation`. */
  readonly schemaName: string;
  /** The answer must be JSON that this schema accepts; also sent as a JSON Schema. */
  readonly schema: z.ZodType<Answer>;
  readonly messages: readonly ChatMessage[];
  /**
   * What the schema cannot say: problems in words, empty when the answer stands.
   * They are sent back to the model when it is asked again.
   */
  readonly check?: (answer: Answer) => readonly string[];
  /** Asked before each HTTP request; what the ledger answers costs nothing. */
  readonly budget?: CallBudget;
  /**
   * Aborted when the caller no longer wants the answer. The call rejects once it is cut, or once an
   * answer that had already come is stored.
   */
  readonly signal?: AbortSignal;
};

/** What may still be asked of the model for one evaluation. */
export interface CallBudget {
  /**
   * Takes one call off, right before it goes out. Rejects with `model_budget_spent` when it may not
   * be made, and with `model_unavailable` (`under_way`) while another process makes the same one.
   */
  spend(requestSha256: string): Promise<void>;
}

export type Completion<Answer> = {
  readonly answer: Answer;
  /** What the endpoint says answered. */
  readonly model: string;
  /** Which of the configured endpoints that was. */
  readonly endpoint: 'primary' | 'fallback';
  /** Hash of the whole request whose answer this is, lower-case hexadecimal. */
  readonly requestSha256: string;
  /** How many answers it took: 1, and one more for each that did not fit. */
  readonly attempts: number;
  /** Over all attempts. */
  readonly tokens: Tokens;
  readonly temperature: number;
  readonly seed: number;
};

export type Embeddings = {
  readonly model: string;
  /** One a text, in order; unit length. */
  readonly vectors: readonly (readonly number[])[];
};

/** A chat and embedding model behind an OpenAI-compatible endpoint. */
export interface LanguageModel {
  /**
   * Rejects with a `ModelError`: `model_unavailable` (retryable), `model_rejected_request`,
   * `model_refused`, `model_budget_spent`, or `model_answer_invalid` when no attempt fitted; with the
   * signal's reason when it is aborted, with what the ledger or the budget failed with when they do.
   * Never invents an answer, and repeats no request: that is the caller's, within its own limits.
   */
  complete<Answer>(request: CompletionRequest<Answer>): Promise<Completion<Answer>>;
  /** `texts` may be empty. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<Embeddings>;
  /** Name of the configured embedding model. */
  readonly embeddingModel: string;
}

/** What answered calls are kept in, so that none is paid for twice. */
export interface Ledger {
  get(requestSha256: string): Promise<LedgerEntry | undefined>;
  put(entry: LedgerEntry): Promise<void>;
}

export type LedgerEntry = {
  /** Hash of the whole request. */
  readonly id: string;
  readonly model: string;
  /** The raw content of the answer, before any check. */
  readonly content: string;
  readonly tokens: Tokens;
  /** Stopped at the length limit. Added because a cut-off answer is kept, and must not pass as whole. */
  readonly truncated?: true;
  /** Declined. Added because a refusal is paid for like any answer. */
  readonly refused?: true;
};
