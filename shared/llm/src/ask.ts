import { canonicalJson, sha256, type Logger } from '@berkas/service-kit';
import type { ChatOptions, GuardedEndpoint } from './guarded-endpoint.ts';
import type { CallBudget, Completion, Ledger } from './language-model.ts';
import { createKeptAnswers } from './kept-answers.ts';
import { createLruCache } from './lru-cache.ts';
import { bothUnavailable, ModelError } from './model-error.ts';
import type { ChatAnswer, ChatCall } from './model-endpoint.ts';
import { createSingleFlight } from './single-flight.ts';

export type KeptAnswer = ChatAnswer & Pick<Completion<unknown>, 'endpoint' | 'requestSha256'>;

export type AskOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly budget?: CallBudget | undefined;
};

export type Ask = (call: ChatCall, options?: AskOptions) => Promise<KeptAnswer>;

export type AskedEndpoint = {
  /** Names the endpoint in the hashes of requests. */
  readonly endpointId: string;
  readonly model: string;
  readonly chat: GuardedEndpoint['chat'];
};

/**
 * Hash of the whole request, never of a key. The endpoint is part of it, because two may serve
 * different models under one name.
 */
export const requestSha256 = (endpointId: string, call: ChatCall): string =>
  sha256(canonicalJson({ ...call, endpointId }));

/** A hash each. */
const MAXIMUM_TURNED_DOWN = 10_000;

/** One way to get an answer to a request, with the request as that endpoint is sent it. */
type Route = {
  readonly name: KeptAnswer['endpoint'];
  readonly id: string;
  readonly call: ChatCall;
  readonly chat: GuardedEndpoint['chat'];
};

/**
 * Asks through the ledger: an answer that was paid for is never paid for again, whichever endpoint
 * it came from, and a new one is stored before anyone uses it. If it cannot be stored, it is not
 * used: a redelivery could otherwise come to another result than the one already published.
 *
 * Where there is a fallback, it is asked at once when the primary cannot answer now.
 *
 * Without a ledger every call goes out, also when an equal one is under way: sampling wants that.
 */
export function createAsk(options: {
  primary: AskedEndpoint;
  fallback?: AskedEndpoint | undefined;
  ledger: Ledger | undefined;
  logger: Logger;
}): Ask {
  const { primary, fallback, ledger, logger } = options;
  const kept = ledger === undefined ? undefined : createKeptAnswers(ledger);
  const once = createSingleFlight<KeptAnswer>();
  /**
   * Requests that the fallback rejects, such as for their length or its key. While the primary is
   * away they wait for it, and do not spend their evaluation's budget on asking again.
   */
  const turnedDown = createLruCache<true>(MAXIMUM_TURNED_DOWN);

  const lookUp = async (routes: readonly Route[]): Promise<KeptAnswer | undefined> => {
    for (const route of routes) {
      const answer = await kept?.find(route.id);
      if (answer !== undefined) return from(route, answer);
    }
    return undefined;
  };
  const request = async (
    route: Route,
    chatOptions: AskOptions & Pick<ChatOptions, 'hasAlternative'>,
  ): Promise<KeptAnswer> => {
    const { budget, ...rest } = chatOptions;
    const answer = await route.chat(route.call, {
      ...rest,
      isKept: kept !== undefined,
      budget: budget === undefined ? undefined : { spend: () => budget.spend(route.id) },
    });
    await kept?.keep(route.id, answer);
    return from(route, answer);
  };

  const askInTurn = async (
    [first, second]: readonly [Route, ...Route[]],
    chatOptions: AskOptions,
  ): Promise<KeptAnswer> => {
    if (second === undefined) return request(first, chatOptions);
    try {
      return await request(first, { ...chatOptions, hasAlternative: true });
    } catch (error) {
      if (!mayFallBack(error) || turnedDown.get(second.id) === true) throw error;
      logger.warn({ ...error.details }, 'the fallback model is asked instead');
      return await request(second, chatOptions).catch((secondError: unknown) => {
        if (!isFailed(secondError)) throw secondError;
        const { code, details, retryable } = secondError;
        logger.warn({ ...details, code }, 'nor did the fallback model answer');
        if (!retryable) turnedDown.set(second.id, true);
        throw bothUnavailable(error, secondError);
      });
    }
  };

  return async (call, { signal, budget } = {}) => {
    const routes = routesOf(call, primary, fallback);
    if (kept === undefined) return askInTurn(routes, { signal, budget });
    for (;;) {
      const flight = { isOwn: false };
      const lookUpOrAsk = async (shared: AbortSignal): Promise<KeptAnswer> => {
        flight.isOwn = true;
        return (await lookUp(routes)) ?? askInTurn(routes, { signal: shared, budget });
      };
      try {
        return await once(routes[0].id, lookUpOrAsk, signal);
      } catch (error) {
        // Of another evaluation that asked the same: this one has a budget of its own.
        if (flight.isOwn || !isBudgetSpent(error)) throw error;
      }
    }
  };
}

function routesOf(
  call: ChatCall,
  primary: AskedEndpoint,
  fallback: AskedEndpoint | undefined,
): readonly [Route, ...Route[]] {
  const route = (name: Route['name'], { endpointId, model, chat }: AskedEndpoint): Route => {
    const own = { ...call, model };
    return { name, id: requestSha256(endpointId, own), call: own, chat };
  };
  const first = route('primary', primary);
  return fallback === undefined ? [first] : [first, route('fallback', fallback)];
}

const from = ({ name, id }: Route, answer: ChatAnswer): KeptAnswer => ({
  ...answer,
  endpoint: name,
  requestSha256: id,
});

const isBudgetSpent = (error: unknown): boolean =>
  error instanceof ModelError && error.code === 'model_budget_spent';

/** It was asked, or a breaker or the gate kept it from being; not what the budget or the ledger said. */
const isFailed = (error: unknown): error is ModelError =>
  error instanceof ModelError && !isBudgetSpent(error) && error.details['reason'] !== 'under_way';

const mayFallBack = (error: unknown): error is ModelError =>
  isFailed(error) && error.retryable && error.details['reason'] !== 'closed';
