import { randomUUID } from 'node:crypto';

/** A connection to a real server that a test can slow down or cut. */
export type FaultyConnection = {
  /** Host and port to connect to in the server's place. */
  readonly address: string;
  /** Nothing passes any more, as on a link that swallows packets. */
  stall(): Promise<void>;
  /** Open connections are closed and new ones are refused, as by a server that died. */
  cut(): Promise<void>;
  /** Everything that comes back takes this much longer. */
  slowDown(latencyMs: number): Promise<void>;
  /** What comes back passes at this rate, in kilobytes a second. */
  limitRate(kilobytesPerSecond: number): Promise<void>;
  heal(): Promise<void>;
  dispose(): Promise<void>;
};

/**
 * A new proxy of a running Toxiproxy before one server.
 *
 * @param toxiproxyUrl Of Toxiproxy's HTTP API, such as `http://127.0.0.1:8474`.
 * @param serverUrl Of the real server; only its host and port matter.
 */
export async function openFaultyConnection(
  toxiproxyUrl: string,
  serverUrl: string,
): Promise<FaultyConnection> {
  const name = `storage-${randomUUID()}`;
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(new URL(path, toxiproxyUrl), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response.status === 204 ? undefined : response.json();
    throw new Error(`Toxiproxy refused ${method} ${path}: ${await response.text()}`);
  };
  const addToxic = (type: string, attributes: Record<string, number>): Promise<unknown> =>
    ask('POST', `/proxies/${name}/toxics`, { name: type, type, stream: 'downstream', attributes });
  const proxy = await ask('POST', '/proxies', {
    name,
    listen: '127.0.0.1:0',
    upstream: new URL(serverUrl).host,
    enabled: true,
  });
  return {
    address: (proxy as { listen: string }).listen,
    stall: async () => {
      await addToxic('timeout', { timeout: 0 });
    },
    cut: async () => {
      await ask('POST', `/proxies/${name}`, { enabled: false });
    },
    slowDown: async (latencyMs) => {
      await addToxic('latency', { latency: latencyMs });
    },
    limitRate: async (kilobytesPerSecond) => {
      await addToxic('bandwidth', { rate: kilobytesPerSecond });
    },
    heal: async () => {
      const toxics = (await ask('GET', `/proxies/${name}/toxics`)) as { name: string }[];
      for (const toxic of toxics) await ask('DELETE', `/proxies/${name}/toxics/${toxic.name}`);
      await ask('POST', `/proxies/${name}`, { enabled: true });
    },
    dispose: async () => {
      await ask('DELETE', `/proxies/${name}`);
    },
  };
}
