import {
  createLanguageModel,
  type FallbackModel,
  type LanguageModelClient,
  type Ledger,
} from '@berkas/llm';
import {
  CHAT_MODEL as OFFLINE_CHAT_MODEL,
  createOfflineModelServer,
  EMBEDDING_MODEL as OFFLINE_EMBEDDING_MODEL,
} from '@berkas/llm/offline';
import type { Clock, Logger } from '@berkas/service-kit';
import type { ModelVariables } from './model-variables.ts';

export type ModelNames = { readonly model: string; readonly embeddingModel: string };

/** Whether a model of someone's own is configured; otherwise the offline one serves. */
const isConfigured = ({ OPENAI_API_KEY, OPENAI_BASE_URL }: ModelVariables): boolean =>
  OPENAI_API_KEY !== undefined || OPENAI_BASE_URL !== undefined;

export function modelNames(variables: ModelVariables): ModelNames {
  const { LLM_MODEL, EMBEDDING_MODEL } = variables;
  if (isConfigured(variables) && LLM_MODEL !== undefined && EMBEDDING_MODEL !== undefined) {
    return { model: LLM_MODEL, embeddingModel: EMBEDDING_MODEL };
  }
  return { model: OFFLINE_CHAT_MODEL, embeddingModel: OFFLINE_EMBEDDING_MODEL };
}

const OPENAI = 'https://api.openai.com/v1';

/** Where the model is asked, as a person reads it. */
export const modelAddress = (variables: ModelVariables): string =>
  isConfigured(variables) ? (variables.OPENAI_BASE_URL ?? OPENAI) : 'this process (offline)';

/** What answers chats while the first model cannot, where one is named. */
export function fallbackModel(variables: ModelVariables): FallbackModel | undefined {
  const { LLM_FALLBACK_MODEL: model, LLM_FALLBACK_API_KEY, OPENAI_API_KEY } = variables;
  if (model === undefined) return undefined;
  const primaryUrl = variables.OPENAI_BASE_URL ?? OPENAI;
  const baseUrl = variables.LLM_FALLBACK_BASE_URL ?? primaryUrl;
  // A key goes to nobody but whom it was given for.
  const apiKey = LLM_FALLBACK_API_KEY ?? (baseUrl === primaryUrl ? OPENAI_API_KEY : undefined);
  return { baseUrl, model, ...(apiKey === undefined ? {} : { apiKey }) };
}

/** Connects to the configured endpoint, or serves the offline model on loopback and connects to that. */
export async function connectModel(
  variables: ModelVariables,
  deps: { ledger: Ledger; logger: Logger; clock: Clock },
): Promise<{ client: LanguageModelClient; close: () => Promise<void> }> {
  const fallback = fallbackModel(variables);
  const common = {
    ...modelNames(variables),
    ...deps,
    ...(fallback === undefined ? {} : { fallback }),
    callTimeoutMs: variables.LLM_TIMEOUT_MS,
    maxConcurrentCalls: variables.LLM_MAX_CONCURRENT_CALLS,
  };
  if (isConfigured(variables)) {
    const { OPENAI_API_KEY, OPENAI_BASE_URL = OPENAI } = variables;
    const client = createLanguageModel({
      ...common,
      baseUrl: OPENAI_BASE_URL,
      ...(OPENAI_API_KEY === undefined ? {} : { apiKey: OPENAI_API_KEY }),
    });
    return { client, close: () => Promise.resolve().then(() => client.close()) };
  }
  const server = createOfflineModelServer({
    ...(variables.OFFLINE_MODEL_FAULTS === undefined
      ? {}
      : { faults: variables.OFFLINE_MODEL_FAULTS }),
    logger: deps.logger,
  });
  const { baseUrl } = await server.start();
  // Its port changes with every start, and the ledger should know it all the same.
  const client = createLanguageModel({ ...common, baseUrl, endpointId: 'offline' });
  return {
    client,
    close: async () => {
      client.close();
      await server.stop();
    },
  };
}
