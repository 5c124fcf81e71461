import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { CHAT_MODEL, createOfflineModelServer, EMBEDDING_MODEL } from '@berkas/llm/offline';
import { createLogger, delay, sha256 } from '@berkas/service-kit';
import { referencesIn } from './applications.ts';
import { MODEL_FAULTS, spoil, type ModelFault } from './model-faults.ts';
import type { Chance } from './random.ts';

/** Answers to one request, by the hash of its body. */
export type Answers = {
  /** What it was for: the name of the schema that was asked for. */
  readonly about: string;
  /** When each whole one had been passed on, in milliseconds since the epoch. */
  readonly wholeAt: number[];
  spoilt: number;
};

export interface ModelProxy {
  /** How Berkas is told of it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly answers: ReadonlyMap<string, Answers>;
  /** How often each fault was injected. */
  readonly injected: ReadonlyMap<string, number>;
  /**
   * Chat calls under way, those included whose answer was passed on so lately that it may not be
   * stored yet: a process that is killed then has an answer that it can never find again.
   */
  inFlight(): number;
  /** From now on this share of the calls meets a fault; 0 ends it. */
  setFaultShare(share: number): void;
  /** Refuses connections and cuts those that are open. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

/** So long an answer may be on its way from the connection into the ledger. */
const STORED_WITHIN_MS = 500;
const USUAL_LATENCY_MS = [100, 1_500] as const;

/**
 * The offline model in this process, behind a proxy that counts what it answers and spoils answers
 * when told to. It takes its time, so that there is something under way when a process dies.
 */
export async function startModelProxy(options: {
  readonly chance: Chance;
  /** `LLM_TIMEOUT_MS` of those who ask. */
  readonly timeoutMs: number;
}): Promise<ModelProxy> {
  const { chance, timeoutMs } = options;
  const model = createOfflineModelServer({ logger: createLogger({ level: 'silent' }) });
  const { baseUrl } = await model.start();
  const answers = new Map<string, Answers>();
  const injected = new Map<string, number>();
  const sockets = new Set<Socket>();
  const underWay = new Set<object>();
  let faultShare = 0;

  const chat = async (path: string, incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await buffer(incoming);
    const call = {};
    underWay.add(call);
    const ended = new Promise<boolean>((resolve) => {
      outgoing.once('finish', () => resolve(true));
      outgoing.once('close', () => resolve(false));
    });
    const fault = planFault();
    const passedOn = await answer(path, body, outgoing, fault);
    const isWhole = (await ended) && passedOn;
    const counted = answers.get(sha256(body)) ?? { about: about(body), wholeAt: [], spoilt: 0 };
    if (isWhole) counted.wholeAt.push(Date.now());
    else counted.spoilt += 1;
    answers.set(sha256(body), counted);
    if (isWhole) await delay(STORED_WITHIN_MS);
    underWay.delete(call);
  };

  const planFault = (): ModelFault | undefined => {
    if (chance.next() >= faultShare) return undefined;
    const fault = chance.pick(MODEL_FAULTS);
    injected.set(fault, (injected.get(fault) ?? 0) + 1);
    return fault;
  };

  /** Answers whether the whole answer was passed on; it may have got lost on its way all the same. */
  const answer = async (
    path: string,
    body: Buffer,
    outgoing: ServerResponse,
    fault: ModelFault | undefined,
  ): Promise<boolean> => {
    const isLate = fault === 'late';
    await delay(
      isLate ? chance.between(0.4, 0.8) * timeoutMs : chance.between(...USUAL_LATENCY_MS),
    );
    if (fault !== undefined && !isLate) return spoil(fault, outgoing, chance);
    const response = await fetch(`${baseUrl}${path}`, { method: 'POST', body });
    const text = named(await response.text(), body.toString());
    outgoing.writeHead(response.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    outgoing.end(text);
    return response.ok;
  };

  const server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? '').replace(/^\/v1/, '');
    const handled =
      path === '/chat/completions'
        ? chat(path, incoming, outgoing)
        : buffer(incoming).then((body) => answer(path, body, outgoing, planFault()));
    // Whoever asked is gone.
    handled.catch(() => outgoing.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const goAway = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  const port = await listen(0);

  return {
    environment: {
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      LLM_MODEL: CHAT_MODEL,
      EMBEDDING_MODEL,
      LLM_TIMEOUT_MS: String(timeoutMs),
    },
    answers,
    injected,
    inFlight: () => underWay.size,
    setFaultShare: (share) => {
      faultShare = share;
    },
    goAway,
    comeBack: async () => {
      await listen(port);
    },
    stop: async () => {
      await goAway();
      await model.stop();
    },
  };
}

function about(body: Buffer): string {
  const text = body.toString();
  const [reference = 'no reference'] = referencesIn(text);
  return `${/"json_schema":\{"name":"([\w-]+)"/.exec(text)?.[1] ?? 'unknown'} of ${reference}`;
}

/**
 * The answer names the reference that it was asked about. So each evaluation has requests of its own
 * down to the summary, and a result that was given to the wrong one would say so.
 */
export function named(answerBody: string, requestBody: string): string {
  const [reference] = referencesIn(requestBody);
  if (reference === undefined || !answerBody.includes('"chat.completion"')) return answerBody;
  const answer = JSON.parse(answerBody) as { choices: { message: { content: string } }[] };
  for (const { message } of answer.choices) {
    const content = JSON.parse(message.content) as Record<string, unknown>;
    for (const name of ['feedback', 'overall_summary']) {
      const text = content[name];
      if (typeof text === 'string') content[name] = text.replace(/\.\s*$/, ` (${reference}).`);
    }
    message.content = JSON.stringify(content);
  }
  return JSON.stringify(answer);
}
