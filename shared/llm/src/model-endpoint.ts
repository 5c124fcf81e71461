import type { Tokens } from '@berkas/contracts';
import type { ChatMessage } from './language-model.ts';
import type { JsonSchema } from './json-schema.ts';

/** The whole of what is asked: its hash names the answer in the ledger. */
export type ChatCall = {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly schemaName: string;
  readonly jsonSchema: JsonSchema;
  readonly temperature: number;
  readonly seed: number;
};

export type ChatAnswer = {
  /** What the endpoint says answered. */
  readonly model: string;
  /** Raw; may be empty. */
  readonly content: string;
  readonly tokens: Tokens;
  /** The endpoint stopped at its length limit, so the answer is not whole. */
  readonly truncated: boolean;
  /** The model declined, or a filter of the endpoint did; the content is of no use. */
  readonly refused: boolean;
};

export type EmbeddingCall = { readonly model: string; readonly texts: readonly string[] };

/** One vector a text, in order, all of one dimension, as the endpoint sent them. */
export type EmbeddingAnswer = { readonly model: string; readonly vectors: readonly number[][] };

/** One call is one try. Rejects with a `ModelError`, or with the signal's reason once it is aborted. */
export interface ModelEndpoint {
  chat(call: ChatCall, signal?: AbortSignal): Promise<ChatAnswer>;
  embed(call: EmbeddingCall, signal?: AbortSignal): Promise<EmbeddingAnswer>;
}
