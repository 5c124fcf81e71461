import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Middleware } from 'koa';

export interface Lingering {
  readonly middleware: Middleware;
  /** Cuts the connections that only drain. */
  cut(): void;
}

const CHECK_INTERVAL_MS = 200;

/**
 * A request may be answered before its body has arrived. Closing the socket then makes the kernel
 * send a reset, and a reset throws away the answer that the client has not read yet. So the rest of
 * the body is read and dropped, up to `maxBytes` and `maxMs`; only then the connection is cut.
 * Source: RFC 9112, section 9.6.
 */
export function createLingering(limits: { maxBytes: number; maxMs: number }): Lingering {
  const sockets = new Set<Socket>();

  function drain(req: IncomingMessage): void {
    const { socket } = req;
    sockets.add(socket);
    const deadline = performance.now() + limits.maxMs;
    // Counted at the socket: node drops the body of an unread request without a 'data' event.
    const mostBytesRead = socket.bytesRead + limits.maxBytes;
    const timer = setInterval(() => {
      if (socket.bytesRead > mostBytesRead || performance.now() > deadline) socket.destroy();
    }, CHECK_INTERVAL_MS);
    const done = (): void => {
      clearInterval(timer);
      sockets.delete(socket);
      // The connection may carry many more requests.
      socket.removeListener('close', done);
    };
    req.once('end', done);
    socket.once('close', done);
    req.on('error', () => undefined);
    req.resume();
  }

  return {
    middleware: async (ctx, next) => {
      ctx.res.once('finish', () => {
        if (!ctx.req.complete && !ctx.req.socket.destroyed) drain(ctx.req);
      });
      await next();
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
