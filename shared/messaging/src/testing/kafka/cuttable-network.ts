import { connect, type Socket } from 'node:net';
import type { KafkaConnectionOptions } from '../../kafka/kafka-options.ts';

/** Connections that a test cuts, as when the process or its network is gone at once. */
export interface CuttableNetwork {
  readonly openSocket: NonNullable<KafkaConnectionOptions['openSocket']>;
  /** Ends every connection as a reset does and lets none be made any more. */
  cut(): void;
  /** Connections can be made again. */
  mend(): void;
}

/** `port` answers where to go in place of the port that a client asks for: a proxy, for one. */
export function createCuttableNetwork(
  port: (asked: number) => number = (asked) => asked,
): CuttableNetwork {
  const sockets = new Set<Socket>();
  let isCut = false;
  return {
    openSocket({ host, port: asked, onConnect }) {
      // Nothing listens on the discard port, so that this is refused as by a server that is gone.
      const socket = connect({ host, port: isCut ? 9 : port(asked) }, onConnect);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy(new Error('cut by the test'));
    },
    mend: () => void (isCut = false),
  };
}
