import {
  delay,
  type Breaker,
  type BreakerOptions,
  type Clock,
  type Logger,
} from '@berkas/service-kit';
import { withDeadline } from './deadline.ts';
import { createGate, type Wait } from './gate.ts';
import { createModelBreaker, DEFAULT_BREAKER } from './model-breaker.ts';
import { modelUnavailable } from './model-error.ts';
import type { ChatAnswer, ChatCall, ModelEndpoint } from './model-endpoint.ts';
import { createOpenAiEndpoint } from './openai-endpoint.ts';
import { createSlots } from './slots.ts';

export type GuardedEndpointOptions = {
  /** As people read it. */
  name: string;
  baseUrl: string;
  apiKey?: string;
  callTimeoutMs?: number;
  breaker?: BreakerOptions;
  maxConcurrentCalls?: number;
  logger: Logger;
  clock: Clock;
  random?: () => number;
  wait?: Wait;
};

/** What may still be asked, of whatever request this is. */
export type Allowance = { spend(): Promise<void> };

export type ChatOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly budget?: Allowance | undefined;
  /**
   * The answer is kept, whoever still wants it: a request that is out is not cut by the signal, since
   * it is paid for all the same.
   */
  readonly isKept?: boolean;
  /**
   * Another endpoint would answer instead: rejects at once rather than wait until this one may be
   * asked again, or until another call has shown whether it is back.
   */
  readonly hasAlternative?: boolean;
};

/** An endpoint with all that keeps calls from it: one call is at most one HTTP request. */
export interface GuardedEndpoint {
  chat(call: ChatCall, options?: ChatOptions): Promise<ChatAnswer>;
  embed: ModelEndpoint['embed'];
  readonly breaker: Breaker;
  /** Aborts what is under way with `model_unavailable` (`closed`), as all that comes later. */
  close(): void;
}

/** Holding a slot for longer gives nobody anything; the caller has ways to wait of its own. */
const GATE_PATIENCE_MS = 30_000;

/** The endpoint behind its gate and its breaker, in this order from the outside. */
export function createGuardedEndpoint(options: GuardedEndpointOptions): GuardedEndpoint {
  const { clock, random = Math.random, wait = delay, callTimeoutMs = 60_000 } = options;
  const plain = createOpenAiEndpoint({ ...options, callTimeoutMs });
  const breaker = createModelBreaker({ ...options, options: options.breaker ?? DEFAULT_BREAKER });
  const slots = createSlots(options.maxConcurrentCalls ?? 64);
  const gate = createGate({ slots, clock, random, wait });
  const lifetime = new AbortController();
  let isBeingTried = false;

  /** Half open, the breaker lets one call see and keeps the others waiting for it. */
  const throughBreaker = async <Result>(
    call: () => Promise<Result>,
    signal: AbortSignal,
    hasAlternative: boolean,
  ): Promise<Result> => {
    const isTry = breaker.state() === 'half_open' && !isBeingTried;
    if (isBeingTried && hasAlternative) throw modelUnavailable('breaker_open');
    if (isTry) isBeingTried = true;
    try {
      return await breaker.run(call, signal);
    } finally {
      if (isTry) isBeingTried = false;
    }
  };

  const guarded = <Result>(
    call: (signal: AbortSignal) => Promise<Result>,
    { signal, hasAlternative = false }: Pick<ChatOptions, 'signal' | 'hasAlternative'>,
  ): Promise<Result> =>
    withDeadline({ signals: [signal, lifetime.signal] }, (combined) =>
      gate(() => throughBreaker(() => call(combined), combined, hasAlternative), {
        signal: combined,
        patienceMs: hasAlternative ? 0 : GATE_PATIENCE_MS,
      }),
    );

  /** The call that tries whether the endpoint is back is the process's and costs no evaluation. */
  const spend = async (budget: ChatOptions['budget']): Promise<void> => {
    if (breaker.state() === 'half_open') return;
    await budget?.spend().catch((error: unknown) => {
      throw new NotAsked(error);
    });
  };

  return {
    chat: (call, chatOptions = {}) =>
      guarded(async (combined) => {
        await spend(chatOptions.budget);
        combined.throwIfAborted();
        return plain.chat(call, chatOptions.isKept === true ? lifetime.signal : combined);
      }, chatOptions).catch(unwrapped),
    embed: (call, signal) => guarded((combined) => plain.embed(call, combined), { signal }),
    breaker,
    close: () => {
      lifetime.abort(modelUnavailable('closed'));
      breaker.close();
    },
  };
}

/** Why a call was not made says nothing of the endpoint: the breaker must not take it for an answer. */
class NotAsked extends Error {
  constructor(cause: unknown) {
    super('Not asked.', { cause });
    this.name = 'NotAsked';
  }
}

function unwrapped(error: unknown): never {
  throw error instanceof NotAsked ? error.cause : error;
}
