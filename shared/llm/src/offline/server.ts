import type { Logger } from '@berkas/service-kit';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  answerChat,
  CHAT_MODEL,
  EMBEDDING_MODEL,
  FINGERPRINT,
  textOfMessages,
  toCompletion,
  type ChatOptions,
} from './chat.ts';
import { DEFAULT_REFERENCE_MONTH, parseReferenceMonth } from './dates.ts';
import { answerEmbeddings } from './embeddings-api.ts';
import { ApiError } from './errors.ts';
import {
  createFaultSource,
  errorOf,
  isTransportFault,
  serialise,
  type Fault,
  type Faults,
  type FaultSource,
  type TransportFault,
} from './faults.ts';
import { readJsonBody, sendJson } from './http.ts';

export type OfflineModelOptions = {
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly faults?: Faults;
  /** The month "present" means in a CV, as YYYY-MM; a constant of the release by default. */
  readonly referenceMonth?: string;
  /** Of a request body; 8 MiB by default. */
  readonly bodyLimitBytes?: number;
  readonly logger: Logger;
};

export interface OfflineModelServer {
  /** Resolves once it listens. `baseUrl` ends in `/v1`, as OpenAI clients want it. */
  start(): Promise<{ baseUrl: string }>;
  /** Drops what is under way. Safe to repeat. */
  stop(): Promise<void>;
  /** From the next call on; plans begin anew. */
  setFaults(faults: Faults): void;
  /** Calls received since the start, those answered with a fault among them. */
  calls(): { readonly chat: number; readonly embeddings: number };
}

const DEFAULT_BODY_LIMIT_BYTES = 8 * 1024 * 1024;
const DEFAULT_LATE_MS = 30_000;
const DEFAULT_RETRY_AFTER_SECONDS = 1;

type State = {
  faults: Faults;
  chatFaults: FaultSource<Fault>;
  embeddingFaults: FaultSource<TransportFault>;
};

/** A chat and embedding model made of rules behind the OpenAI API: no weights, key or network. */
export function createOfflineModelServer(options: OfflineModelOptions): OfflineModelServer {
  const { host = '127.0.0.1', port = 0, logger } = options;
  const limitBytes = options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES;
  const referenceMonth = parseReferenceMonth(options.referenceMonth ?? DEFAULT_REFERENCE_MONTH);
  const timers = new Set<NodeJS.Timeout>();
  const calls = { chat: 0, embeddings: 0 };
  let state = stateOf(options.faults ?? {});

  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, milliseconds);
      timers.add(timer);
    });

  /** Resolves to false when there is nothing more to answer. */
  const suffer = async (
    fault: Fault | undefined,
    latencyMs: number,
    response: ServerResponse,
  ): Promise<boolean> => {
    if (fault === 'hang') return false;
    if (fault === 'reset') {
      response.socket?.resetAndDestroy();
      return false;
    }
    const delayMs = latencyMs + (fault === 'late' ? (state.faults.lateMs ?? DEFAULT_LATE_MS) : 0);
    if (delayMs > 0) await wait(delayMs);
    if (fault === 'status_429' || fault === 'status_500' || fault === 'status_503') {
      throw errorOf(fault, state.faults.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS);
    }
    return true;
  };

  const chat = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = (calls.chat += 1);
    const { faults, chatFaults } = state;
    const planned = chatFaults.next();
    const { text, json } = await readJsonBody(request, limitBytes);
    if (!(await suffer(planned, faults.latencyMs ?? 0, response))) return;
    const chatOptions: ChatOptions = { referenceMonth, obedient: faults.obedient ?? false };
    const answer = answerChat(json, chatOptions);
    const spoiling = planned === undefined || isTransportFault(planned) ? undefined : planned;
    const fault = spoiling ?? (faults.waverSeed === undefined ? undefined : 'waver');
    const seed = (faults.waverSeed ?? faults.plan?.seed ?? 1) + call;
    sendJson(
      response,
      200,
      toCompletion(text, textOfMessages(json), serialise(answer, fault, seed)),
    );
  };

  const embeddings = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    calls.embeddings += 1;
    const { faults, embeddingFaults } = state;
    const planned = embeddingFaults.next();
    const { json } = await readJsonBody(request, limitBytes);
    if (!(await suffer(planned, faults.embeddingLatencyMs ?? 0, response))) return;
    sendJson(response, 200, answerEmbeddings(json));
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0];
    if (request.method === 'POST' && path === '/v1/chat/completions')
      return chat(request, response);
    if (request.method === 'POST' && path === '/v1/embeddings')
      return embeddings(request, response);
    if (request.method === 'GET' && path === '/v1/models') {
      sendJson(response, 200, MODELS);
      return;
    }
    throw new ApiError({
      status: 404,
      type: 'invalid_request_error',
      code: 'unknown_url',
      message: 'Here are POST /v1/chat/completions, POST /v1/embeddings and GET /v1/models.',
    });
  };

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      if (error instanceof ApiError) {
        sendJson(response, error.status, error.toBody(), error.headers);
        return;
      }
      // The caller hung up: nobody is left to tell.
      if (request.destroyed && !request.complete) return;
      logger.error({ err: error, url: request.url }, 'the offline model failed');
      sendJson(response, 500, INTERNAL_ERROR.toBody());
    });
  });

  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address() as AddressInfo;
          const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
          logger.info({ port: address.port, model: CHAT_MODEL }, 'the offline model listens');
          resolve({ baseUrl: `http://${name}:${address.port}/v1` });
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearTimeout(timer);
        timers.clear();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    setFaults: (faults) => {
      state = stateOf(faults);
    },
    calls: () => ({ ...calls }),
  };
}

function stateOf(faults: Faults): State {
  return {
    faults,
    chatFaults: createFaultSource(faults.plan),
    embeddingFaults: createFaultSource(faults.embeddingPlan),
  };
}

const MODELS = {
  object: 'list',
  data: [CHAT_MODEL, EMBEDDING_MODEL].map((id) => ({
    id,
    object: 'model',
    created: 0,
    owned_by: 'berkas',
    description: FINGERPRINT,
  })),
};

const INTERNAL_ERROR = new ApiError({
  status: 500,
  type: 'server_error',
  code: 'internal_error',
  message: 'The offline model failed; its log says why.',
});
