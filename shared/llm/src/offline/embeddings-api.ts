import { z } from 'zod';

import { EMBEDDING_MODEL, estimateTokens, FINGERPRINT } from './chat.ts';
import { embed, EMBEDDING_DIMENSIONS, toBase64 } from './embedding.ts';
import { invalidRequest } from './errors.ts';

const requestSchema = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(z.string())]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.number().nullish(),
});

/** The answer to `POST /v1/embeddings`. Throws an ApiError with status 400. */
export function answerEmbeddings(body: unknown): Record<string, unknown> {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) {
    throw invalidRequest(
      'invalid_body',
      `Not an embeddings request: ${z.prettifyError(parsed.error)}`,
    );
  }
  const { model, input, encoding_format: format, dimensions } = parsed.data;
  if (model !== EMBEDDING_MODEL) {
    throw invalidRequest(
      'model_not_found',
      `No model ${model} here; the embedding model is ${EMBEDDING_MODEL}.`,
    );
  }
  if (dimensions !== undefined && dimensions !== null && dimensions !== EMBEDDING_DIMENSIONS) {
    throw invalidRequest(
      'unsupported_dimensions',
      `Vectors have ${EMBEDDING_DIMENSIONS} dimensions.`,
    );
  }
  const texts = typeof input === 'string' ? [input] : input;
  const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  return {
    object: 'list',
    data: texts.map((text, index) => {
      const vector = embed(text);
      return {
        object: 'embedding',
        index,
        embedding: format === 'base64' ? toBase64(vector) : vector,
      };
    }),
    model: EMBEDDING_MODEL,
    system_fingerprint: FINGERPRINT,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}
