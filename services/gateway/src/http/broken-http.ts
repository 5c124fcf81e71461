import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { HttpProblem, problemBody } from './problem.ts';

/** What node answers by its status alone; there is no code of ours for these. */
const BARE: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * A request that is no HTTP, or stops being HTTP in its body, never reaches a route or is taken
 * from it. It is answered here, as a problem document like the others, and its connection closed.
 */
export function answerBrokenHttp(server: Server): void {
  const answering = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    answering.set(req.socket, res);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const response = answering.get(socket);
    const isBusy = response?.headersSent === true && !response.writableFinished;
    if (!socket.writable || isBusy || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    socket.end(rawAnswer(error), () => {
      socket.destroy();
    });
  });
}

function rawAnswer({ code = '' }: NodeJS.ErrnoException): string {
  const bare = BARE[code];
  if (bare !== undefined)
    return `HTTP/1.1 ${bare}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  const problem = new HttpProblem(
    'body_malformed',
    'The request is not valid HTTP/1.1: its head, its chunks or its Content-Length are wrong. Let your HTTP library build it.',
  );
  const body = JSON.stringify(problemBody(problem));
  return [
    `HTTP/1.1 ${problem.status} Bad Request`,
    'Connection: close',
    'Cache-Control: no-store',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
