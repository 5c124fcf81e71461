import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
};

export type Reply = (response: ServerResponse, received: Received) => void;

export type ScriptedServer = {
  baseUrl: string;
  /** In the order of their arrival. */
  received: Received[];
  /** Answers in this order; the last one goes on answering. */
  script(...replies: Reply[]): void;
  /** Requests of which the answer has not been sent. */
  underWay(): number;
  close(): Promise<void>;
};

/** A real HTTP server on loopback that answers as it is told. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const received: Received[] = [];
  let replies: Reply[] = [];
  let underWay = 0;
  const server = createServer((request, response) => {
    underWay += 1;
    response.once('close', () => (underWay -= 1));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      const arrived = { path: request.url ?? '', headers: request.headers, body };
      received.push(arrived);
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      (reply ?? status(501))(response, arrived);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    received,
    script: (...next) => (replies = next),
    underWay: () => underWay,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const json =
  (body: unknown): Reply =>
  (response) =>
    raw(JSON.stringify(body))(response, { path: '', headers: {}, body: {} });

/** Whatever it is, it is said to be JSON. */
export const raw =
  (text: string): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  };

export const status =
  (code: number, headers: Record<string, string> = {}, error: object = {}): Reply =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error }));
  };

/** A chat completion whose content is the given JSON value, or the text as it is. */
export const completion = (
  content: unknown,
  choice: { finish_reason?: string; refusal?: string } = {},
): Reply => {
  const { finish_reason = 'stop', refusal = null } = choice;
  const text = typeof content === 'string' || content === null ? content : JSON.stringify(content);
  return json({
    model: 'scripted-1',
    choices: [{ index: 0, finish_reason, message: { role: 'assistant', content: text, refusal } }],
    usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
  });
};

export const embeddings = (...vectors: unknown[]): Reply =>
  json({
    model: 'scripted-embedding-1',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
  });

export const reset: Reply = (response) => {
  response.socket?.resetAndDestroy();
};

export const hang: Reply = () => undefined;

/** Sends the head and half of the body, then nothing more. */
export const hangInBody: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"model":');
};

/** Sends the head and half of the body, then breaks the connection off. */
export const breakOffInBody: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"model":', () => response.socket?.destroy());
};

/** Sends the head and half of the body, then a reset. */
export const resetInBody: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"model":', () => response.socket?.resetAndDestroy());
};

/** A body that never ends, a byte at a time, so that the connection is never idle. */
export const trickle: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 5);
  response.once('close', () => clearInterval(timer));
};

export const html: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>Sign in</title>');
};

/** To itself, so that whoever follows it goes round. */
export const redirect =
  (code: number): Reply =>
  (response, { path }) => {
    response.writeHead(code, { location: path }).end();
  };
