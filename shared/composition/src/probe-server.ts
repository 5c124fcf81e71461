import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  alive,
  cannotListen,
  readiness,
  type HealthChecks,
  type Metrics,
} from '@berkas/service-kit';

/** What a service without an API of its own serves: `/healthz`, `/readyz` and `/metrics`. */
export async function startProbeServer(options: {
  host: string;
  /** 0 takes any free port. */
  port: number;
  ownChecks: () => HealthChecks;
  otherChecks: () => HealthChecks;
  metrics: Metrics;
}): Promise<{ port: number; close: () => Promise<void> }> {
  const { host, port, metrics } = options;
  const json = (status: number, body: object) => ({
    status,
    type: 'application/json; charset=utf-8',
    body: JSON.stringify(body),
  });
  type Answer = { status: number; type: string; body: string };
  const answers = new Map<string, () => Promise<Answer>>([
    ['/healthz', () => Promise.resolve(json(200, alive))],
    [
      '/readyz',
      () => {
        const { httpStatus, body } = readiness(options.ownChecks(), options.otherChecks());
        return Promise.resolve(json(httpStatus, body));
      },
    ],
    [
      '/metrics',
      async () => ({ status: 200, type: metrics.contentType, body: await metrics.render() }),
    ],
  ]);
  const unknown = () =>
    Promise.resolve(json(404, { detail: `Here are ${[...answers.keys()].join(', ')}.` }));

  const server = createServer((req, res) => {
    const [path = '/'] = (req.url ?? '/').split('?');
    void (answers.get(path) ?? unknown)()
      .catch((error: unknown) => json(500, { detail: String(error) }))
      .then(({ status, type, body }) => {
        res.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
      });
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, { host, port });
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
