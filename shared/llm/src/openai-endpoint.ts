import OpenAI from 'openai';
import { z } from 'zod';
import type { Clock } from '@berkas/service-kit';
import { withDeadline } from './deadline.ts';
import { modelUnavailable, type ModelError } from './model-error.ts';
import type { ChatAnswer, ChatCall, EmbeddingAnswer, ModelEndpoint } from './model-endpoint.ts';
import { translateOpenAiError } from './openai-error.ts';

export type OpenAiEndpointOptions = {
  /** Such as `https://api.openai.com/v1`. */
  baseUrl: string;
  /** None: no `Authorization` header is sent. */
  apiKey?: string;
  /** For a whole call, from connecting to the last byte. Above 300,000 `fetch` gives up first. */
  callTimeoutMs: number;
  clock: Clock;
};

const Count = z.int().min(0);
const ChatBody = z.object({
  model: z.string(),
  choices: z.array(
    z.object({
      finish_reason: z.string().nullish(),
      message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
    }),
  ),
  usage: z.object({ prompt_tokens: Count, completion_tokens: Count }).nullish(),
});

const isVector = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((number) => Number.isFinite(number));
const EmbeddingBody = z.object({
  model: z.string(),
  // Checked in one go: zod would take a step for each of some hundred thousand numbers.
  data: z.array(z.object({ index: Count, embedding: z.custom<number[]>(isVector) })),
});

/**
 * An OpenAI-compatible endpoint: one call is one HTTP request, with a deadline, never repeated here.
 *
 * Temperature and seed are always sent. An endpoint that does not take them answers 400, which
 * becomes `model_rejected_request` naming the `parameter`: leaving them out in silence would make
 * the receipt untrue. Models that know one temperature only are configured with that one.
 *
 * Redirects are not followed: a second request would take the prompt to where nobody configured it
 * to go. They are `model_rejected_request` with their status.
 *
 * Connections are those of the global `fetch`: kept alive, as many as there are calls under way.
 */
export function createOpenAiEndpoint(options: OpenAiEndpointOptions): ModelEndpoint {
  const client = createClient(options);

  const request = <Body>(
    body: z.ZodType<Body>,
    send: (signal: AbortSignal) => Promise<unknown>,
    signal: AbortSignal | undefined,
  ): Promise<Body> => {
    const timeout = { afterMs: options.callTimeoutMs, reason: () => modelUnavailable('timeout') };
    return withDeadline({ signals: [signal], timeout }, async (combined) => {
      const received = await send(combined).catch((error: unknown) => {
        throw translateOpenAiError(error, options.clock);
      });
      const parsed = body.safeParse(received);
      if (!parsed.success) throw malformedBody();
      return parsed.data;
    });
  };

  return {
    async chat(call, signal) {
      const send = (combined: AbortSignal): Promise<unknown> =>
        client.chat.completions.create(chatRequest(call), { signal: combined });
      return readChat(await request(ChatBody, send, signal));
    },

    async embed({ model, texts }, signal) {
      // The client asks for base64 unless told: fewer bytes, but not every endpoint knows it.
      const input = { model, input: [...texts], encoding_format: 'float' as const };
      const send = (combined: AbortSignal): Promise<unknown> =>
        client.embeddings.create(input, { signal: combined });
      return readEmbeddings(await request(EmbeddingBody, send, signal), texts.length);
    },
  };
}

/** Everything the client would else take from the environment is set. */
function createClient({ baseUrl, apiKey, callTimeoutMs }: OpenAiEndpointOptions): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey ?? 'none',
    ...(apiKey === undefined ? { defaultHeaders: { authorization: null } } : {}),
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    fetchOptions: { redirect: 'manual' },
    // Ours, which covers the body too, comes first.
    timeout: callTimeoutMs + 1_000,
    logLevel: 'off',
  });
}

const chatRequest = (
  call: ChatCall,
): OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming => ({
  model: call.model,
  messages: call.messages.map(({ role, content }) => ({ role, content })),
  temperature: call.temperature,
  // Called deprecated for OpenAI's own models; other endpoints go by it.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  seed: call.seed,
  response_format: {
    type: 'json_schema',
    json_schema: { name: call.schemaName, strict: true, schema: { ...call.jsonSchema } },
  },
});

function readChat(body: z.infer<typeof ChatBody>): ChatAnswer {
  const choice = body.choices[0];
  if (choice === undefined) throw malformedBody();
  const { content, refusal } = choice.message;
  return {
    model: body.model,
    content: content ?? '',
    // Not every endpoint counts; an unknown count is none.
    tokens: {
      prompt: body.usage?.prompt_tokens ?? 0,
      completion: body.usage?.completion_tokens ?? 0,
    },
    truncated: choice.finish_reason === 'length',
    refused: (refusal ?? '') !== '' || choice.finish_reason === 'content_filter',
  };
}

function readEmbeddings(body: z.infer<typeof EmbeddingBody>, count: number): EmbeddingAnswer {
  const sorted = body.data.toSorted((a, b) => a.index - b.index);
  const inOrder = sorted.length === count && sorted.every(({ index }, at) => index === at);
  const dimension = sorted[0]?.embedding.length;
  if (!inOrder || sorted.some(({ embedding }) => embedding.length !== dimension)) {
    throw malformedBody();
  }
  return { model: body.model, vectors: sorted.map(({ embedding }) => embedding) };
}

const malformedBody = (): ModelError => modelUnavailable('malformed_body');
