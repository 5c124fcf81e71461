import {
  ConfigError,
  type Breaker,
  type BreakerOptions,
  type Clock,
  type HealthCheck,
  type Logger,
} from '@berkas/service-kit';
import { createAsk } from './ask.ts';
import { createEmbedder } from './embedder.ts';
import type { Wait } from './gate.ts';
import { createGuardedEndpoint } from './guarded-endpoint.ts';
import type { LanguageModel, Ledger } from './language-model.ts';
import { completeStructured } from './structured-completion.ts';

export type LanguageModelOptions = {
  /** Of an OpenAI-compatible endpoint, such as `https://api.openai.com/v1`. */
  baseUrl: string;
  /** None: no `Authorization` header is sent. */
  apiKey?: string;
  /**
   * Names the endpoint in the hashes of requests; its address by default. To be given where the
   * address changes from start to start, as that of a model inside the process does.
   */
  endpointId?: string;
  model: string;
  embeddingModel: string;
  temperature?: number;
  seed?: number;
  /** Answers asked for until one fits. */
  maxAttempts?: number;
  /** For one HTTP request, from connecting to the last byte. */
  callTimeoutMs?: number;
  /** Of each endpoint. */
  breaker?: BreakerOptions;
  /** HTTP requests under way at once at each endpoint; more wait their turn. */
  maxConcurrentCalls?: number;
  /** Embeddings of queries kept in memory; one takes 8 bytes a dimension. */
  cachedEmbeddings?: number;
  /** None: every call goes out, as `verify` wants it. */
  ledger?: Ledger;
  logger: Logger;
  clock: Clock;
  random?: () => number;
  /** How time passes while an endpoint wants to be left alone; tests decide it. */
  wait?: Wait;
  fallback?: FallbackModel;
};

/**
 * What answers a chat when the primary cannot. Never an embedding: vectors of two models have
 * nothing to do with each other, and an index holds those of one.
 */
export type FallbackModel = {
  baseUrl: string;
  apiKey?: string;
  /** As that of the primary. */
  endpointId?: string;
  model: string;
};

export type Sampling = {
  temperature?: number;
  seed?: number;
  /** True by default, where there is a ledger; false: every call goes to the primary and none is kept. */
  useLedger?: boolean;
};

/** Shared by a whole process, so that its limits and what it learns of the endpoint hold for all. */
export type LanguageModelClient = LanguageModel & {
  /** The same model and connection, asked in another way. */
  withSampling(sampling: Sampling): LanguageModel;
  /** Tells when the primary is away; consumers pause by it. It is closed with the client. */
  readonly breaker: Breaker;
  /** The same of the fallback, where there is one: who only chats may go on while either is there. */
  readonly fallbackBreaker: Breaker | undefined;
  /** That of the breaker. */
  health(): HealthCheck;
  /** Aborts what is under way with `model_unavailable` (`closed`), as all that comes later. */
  close(): void;
};

/**
 * Makes each call at most once at each endpoint and leaves every repetition to the caller: two
 * layers of retries multiply. What is kept and what an endpoint asked for holds for all callers.
 */
export function createLanguageModel(options: LanguageModelOptions): LanguageModelClient {
  const { model, embeddingModel, maxAttempts = 3, logger, ledger } = options;
  const primary = connect('language model', options, options);
  const fallback =
    options.fallback && connect('fallback language model', options.fallback, options);
  const cachedTexts = options.cachedEmbeddings ?? 2_000;
  const embed = createEmbedder({ endpoint: primary, model: embeddingModel, cachedTexts });
  const asks = {
    kept: createAsk({ primary, fallback, ledger, logger }),
    // Samples of two models would not be samples of one.
    fresh: createAsk({ primary, ledger: undefined, logger }),
  };

  const withSampling = (sampling: Sampling): LanguageModel => {
    const { temperature = options.temperature ?? 0, seed = options.seed ?? 7 } = sampling;
    const ask = sampling.useLedger === false ? asks.fresh : asks.kept;
    const settings = { model, temperature, seed, maxAttempts };
    return {
      embeddingModel,
      embed,
      complete: (request) => completeStructured(request, settings, { ask, logger }),
    };
  };

  return {
    ...withSampling({}),
    withSampling,
    breaker: primary.breaker,
    fallbackBreaker: fallback?.breaker,
    health: () => primary.breaker.health(),
    close: () => {
      primary.close();
      fallback?.close();
    },
  };
}

function connect(name: string, at: FallbackModel, options: LanguageModelOptions) {
  const { baseUrl, apiKey, model, endpointId = addressOf(baseUrl) } = at;
  // The key of one endpoint is none of the other's business.
  const { apiKey: _, ...shared } = options;
  const own = { name, baseUrl, ...(apiKey === undefined ? {} : { apiKey }) };
  return { ...createGuardedEndpoint({ ...shared, ...own }), endpointId, model };
}

/** Without query or a slash at the end. */
function addressOf(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) throw new ConfigError(['baseUrl: not a URL']);
  const { origin, pathname, username, password } = new URL(baseUrl);
  if (username !== '' || password !== '') {
    // `fetch` refuses it, on every call, as if the endpoint were down.
    throw new ConfigError(['baseUrl: must not hold a user or password']);
  }
  return `${origin}${pathname}`.replace(/\/+$/, '');
}
