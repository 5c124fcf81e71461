import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cannotListen, within } from '@berkas/service-kit';
import { answerBrokenHttp } from './broken-http.ts';

export type ServerOptions = {
  readonly host: string;
  readonly port: number;
  /** More are closed as they come in: the last defence, where nothing can be answered any more. */
  readonly maxConnections: number;
  readonly requestTimeoutMs: number;
  readonly stopDeadlineMs: number;
};

export interface HttpServer {
  /** `http://host:port` of the listening server. */
  readonly url: string;
  /** Takes no new connection, finishes what is under way, cuts off what is late. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_TIMEOUT_MS = 10_000;
const IDLE_CHECK_MS = 25;

/** Listens; rejects when it cannot, because the port is taken for instance. */
export async function listen(
  handler: (req: IncomingMessage, res: ServerResponse) => Promise<void>,
  options: ServerOptions & { onClosing: () => void },
): Promise<HttpServer> {
  const underWay = new Set<Promise<unknown>>();
  const server = createServer(
    {
      requestTimeout: options.requestTimeoutMs,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, options.requestTimeoutMs),
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: Math.min(1000, options.requestTimeoutMs),
    },
    (req, res) => {
      // A kept connection is closed with the answer once the server stops.
      if (!server.listening) res.setHeader('Connection', 'close');
      const handled = handler(req, res);
      underWay.add(handled);
      void handled.finally(() => underWay.delete(handled));
    },
  );
  server.maxConnections = options.maxConnections;
  answerBrokenHttp(server);
  await started(server, options);
  return {
    url: urlOf(server, options.host),
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      options.onClosing();
      const late = setTimeout(() => server.closeAllConnections(), options.stopDeadlineMs);
      // A connection that becomes idle after its last answer is nobody's any more.
      const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
      await closed;
      clearTimeout(late);
      clearInterval(idle);
      // A request that was cut off still cleans up after itself.
      await within(options.stopDeadlineMs, Promise.allSettled(underWay));
    },
  };
}

function started(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      reject(cannotListen(error, { host, port }));
    };
    server.once('error', fail);
    server.listen(port, host, () => {
      server.removeListener('error', fail);
      resolve();
    });
  });
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
