import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Context } from 'koa';
import { openSocket } from '../testing/raw-request.ts';
import { createLingering } from './lingering.ts';

describe('Lingering after an answer that came before the body', () => {
  const BODY = 'the rest of it';
  const lingering = createLingering({ maxBytes: 1024, maxMs: 10_000 });
  let server: Server;
  let connection: Socket | undefined;

  /** Answers as soon as the head of a request is there. */
  beforeEach(async () => {
    server = createServer((req, res) => {
      void lingering.middleware({ req, res } as Context, () => {
        res.end('no');
        return Promise.resolve();
      });
    }).on('connection', (socket) => (connection = socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('leaves nothing behind on a connection that goes on to other requests', async () => {
    const { port } = server.address() as AddressInfo;
    const client = await openSocket(`http://127.0.0.1:${port}`);
    const counts: (number | undefined)[] = [];
    for (let round = 0; round < 3; round += 1) {
      const answer = once(client, 'data');
      client.write(`POST / HTTP/1.1\r\nHost: berkas\r\nContent-Length: ${BODY.length}\r\n\r\n`);
      await answer;
      counts.push(connection?.listenerCount('close'));
      client.write(BODY);
    }
    client.destroy();
    expect(counts[2]).toBe(counts[0]);
  });
});
