import {
  ConfigError,
  delay,
  type Breaker,
  type BreakerOptions,
  type Clock,
  type HealthCheck,
  type Logger,
} from '@berkas/service-kit';
import { withDeadline } from './deadline.ts';
import { createEmbedder } from './embedder.ts';
import type { LanguageModel, Ledger } from './language-model.ts';
import { createAsk } from './ledger.ts';
import { createModelBreaker, DEFAULT_BREAKER } from './model-breaker.ts';
import { modelUnavailable } from './model-error.ts';
import type { ModelEndpoint } from './model-endpoint.ts';
import { createOpenAiEndpoint } from './openai-endpoint.ts';
import { createRetry, type RetryOptions, type Wait } from './retry.ts';
import { createSlots } from './slots.ts';
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
  retry?: RetryOptions;
  breaker?: BreakerOptions;
  /** HTTP requests under way at once; more wait their turn. */
  maxConcurrentCalls?: number;
  /** Embeddings of queries kept in memory; one takes 8 bytes a dimension. */
  cachedEmbeddings?: number;
  /** None: every call goes out, as `verify` wants it. */
  ledger?: Ledger;
  logger: Logger;
  clock: Clock;
  random?: () => number;
  /** How time passes between tries; tests decide it. */
  wait?: Wait;
};

export type Sampling = {
  temperature?: number;
  seed?: number;
  /** True by default, where there is a ledger; false: every call goes out and none is kept. */
  useLedger?: boolean;
};

/** Shared by a whole process, so that its limits and what it learns of the endpoint hold for all. */
export type LanguageModelClient = LanguageModel & {
  /** The same model and connection, asked in another way. */
  withSampling(sampling: Sampling): LanguageModel;
  /** Tells when the endpoint is away; consumers pause by it. It is closed with the client. */
  readonly breaker: Breaker;
  /** That of the breaker. */
  health(): HealthCheck;
  /** Aborts what is under way with `model_unavailable` (`closed`), as all that comes later. */
  close(): void;
};

export const DEFAULT_RETRY: RetryOptions = {
  attempts: 5,
  budgetMs: 120_000,
  backOff: { initialMs: 500, maximumMs: 20_000 },
};

export function createLanguageModel(options: LanguageModelOptions): LanguageModelClient {
  const { model, embeddingModel, maxAttempts = 3, logger } = options;
  const endpointId = options.endpointId ?? addressOf(options.baseUrl);
  const { endpoint, breaker, close } = createGuardedEndpoint(options);
  const cachedTexts = options.cachedEmbeddings ?? 2_000;
  const embed = createEmbedder({ endpoint, model: embeddingModel, cachedTexts });
  const asks = {
    kept: createAsk({ endpoint, endpointId, ledger: options.ledger }),
    fresh: createAsk({ endpoint, endpointId, ledger: undefined }),
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
    breaker,
    health: () => breaker.health(),
    close,
  };
}

/** The endpoint behind slots, retries and the breaker, in this order from the outside. */
function createGuardedEndpoint(options: LanguageModelOptions): {
  endpoint: ModelEndpoint;
  breaker: Breaker;
  close: () => void;
} {
  const { clock, logger, random = Math.random, callTimeoutMs = 60_000 } = options;
  const plain = createOpenAiEndpoint({ ...options, callTimeoutMs });
  const breaker = createModelBreaker({
    options: options.breaker ?? DEFAULT_BREAKER,
    clock,
    logger,
  });
  const slots = createSlots(options.maxConcurrentCalls ?? 64);
  const wait = options.wait ?? delay;
  const retry = createRetry({
    retry: options.retry ?? DEFAULT_RETRY,
    ...{ slots, clock, random, wait, logger },
  });
  const lifetime = new AbortController();

  const guarded = <Result>(
    call: (signal: AbortSignal) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> =>
    withDeadline({ signals: [signal, lifetime.signal] }, (combined) =>
      retry(() => breaker.run(() => call(combined), combined), combined),
    );

  return {
    endpoint: {
      chat: (call, signal) => guarded((combined) => plain.chat(call, combined), signal),
      embed: (call, signal) => guarded((combined) => plain.embed(call, combined), signal),
    },
    breaker,
    close: () => {
      lifetime.abort(modelUnavailable('closed'));
      breaker.close();
    },
  };
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
