/** A connection to a server through Toxiproxy, which can be spoilt. */
export interface SpoiltConnection {
  /** Host and port to connect to in the server's place. */
  readonly address: string;
  spoil(how: 'latency' | 'bandwidth' | 'cut' | 'half-open'): Promise<void>;
  mend(): Promise<void>;
  remove(): Promise<void>;
}

type Toxic = { readonly type: string; readonly attributes: Readonly<Record<string, number>> };

const TOXICS: Readonly<Record<'latency' | 'bandwidth' | 'cut' | 'half-open', Toxic>> = {
  latency: { type: 'latency', attributes: { latency: 400, jitter: 300 } },
  /** Kilobytes a second. */
  bandwidth: { type: 'bandwidth', attributes: { rate: 24 } },
  cut: { type: 'reset_peer', attributes: { timeout: 0 } },
  /** Connections stay open, and nothing comes back. */
  'half-open': { type: 'timeout', attributes: { timeout: 0 } },
};

/** A new proxy of a running Toxiproxy (`api` is its address) before a server at `host:port`. */
export async function spoilableConnection(
  api: string,
  name: string,
  upstream: string,
): Promise<SpoiltConnection> {
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(new URL(path, api), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response.status === 204 ? undefined : response.json();
    throw new Error(`Toxiproxy refused ${method} ${path}: ${await response.text()}`);
  };
  const made = await ask('POST', '/proxies', {
    ...{ name, upstream, listen: '127.0.0.1:0', enabled: true },
  });
  return {
    address: (made as { listen: string }).listen,
    spoil: async (how) => {
      await ask('POST', `/proxies/${name}/toxics`, { ...TOXICS[how], name: how });
    },
    mend: async () => {
      const toxics = (await ask('GET', `/proxies/${name}/toxics`)) as { name: string }[];
      for (const toxic of toxics) await ask('DELETE', `/proxies/${name}/toxics/${toxic.name}`);
    },
    remove: async () => {
      await ask('DELETE', `/proxies/${name}`);
    },
  };
}
