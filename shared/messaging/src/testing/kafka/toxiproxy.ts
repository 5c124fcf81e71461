/** One proxy of a Toxiproxy server: what a test puts between a client and a server. */
export interface FaultyProxy {
  readonly port: number;
  /** Every answer comes so much later, in milliseconds. */
  delay(latencyMs: number): Promise<void>;
  /** Connections stay, and nothing goes through them. */
  hang(): Promise<void>;
  /** Refuses and ends connections. */
  cut(): Promise<void>;
  /** As without a proxy. */
  mend(): Promise<void>;
  remove(): Promise<void>;
}

/** `url` is that of Toxiproxy's API; `upstream` the server, as `host:port`. */
export async function createFaultyProxy(url: string, upstream: string): Promise<FaultyProxy> {
  const name = `test-${crypto.randomUUID()}`;
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`Toxiproxy: ${method} ${path} answered ${response.status}`);
    return response.status === 204 ? undefined : response.json();
  };
  const proxy = `/proxies/${name}`;
  const toxics = new Set<string>();
  const add = async (type: string, attributes: object): Promise<void> => {
    await call('POST', `${proxy}/toxics`, { name: type, type, attributes });
    toxics.add(type);
  };
  const created = (await call('POST', '/proxies', {
    name,
    upstream,
    listen: '127.0.0.1:0',
    enabled: true,
  })) as { listen: string };
  return {
    port: Number(created.listen.split(':').at(-1)),
    delay: (latency) => add('latency', { latency }),
    hang: () => add('timeout', { timeout: 0 }),
    async cut() {
      await call('POST', proxy, { enabled: false });
    },
    async mend() {
      for (const toxic of toxics) await call('DELETE', `${proxy}/toxics/${toxic}`);
      toxics.clear();
      await call('POST', proxy, { enabled: true });
    },
    async remove() {
      await call('DELETE', proxy);
    },
  };
}
