import { createServer, request } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createOfflineModelServer, CHAT_MODEL, EMBEDDING_MODEL } from '@berkas/llm/offline';
import { createLogger } from '@berkas/service-kit';

export type Interval = { readonly from: number; readonly to: number };

/**
 * The offline model in this process, behind a proxy that notes when each call was under way: what
 * remains of an evaluation's time is Berkas's own.
 */
export async function startModelProxy() {
  const model = createOfflineModelServer({ logger: createLogger({ level: 'silent' }) });
  const { baseUrl } = await model.start();
  const target = new URL(baseUrl);
  const calls: Interval[] = [];
  const proxy = createServer((incoming, outgoing) => {
    const from = performance.now();
    outgoing.on('finish', () => calls.push({ from, to: performance.now() }));
    const { method, headers, url: path } = incoming;
    const { hostname, port } = target;
    const onward = request({ hostname, port, method, headers, path }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    calls,
    environment: {
      OPENAI_BASE_URL: `http://127.0.0.1:${port}${target.pathname}`,
      LLM_MODEL: CHAT_MODEL,
      EMBEDDING_MODEL: EMBEDDING_MODEL,
    },
    stop: async () => {
      proxy.close();
      proxy.closeAllConnections();
      await model.stop();
    },
  };
}

/** How long at least one of the calls was under way, overlaps counted once. */
export function coveredMs(calls: readonly Interval[]): number {
  let covered = 0;
  let reached = -Infinity;
  for (const { from, to } of [...calls].sort((a, b) => a.from - b.from)) {
    if (to <= reached) continue;
    covered += to - Math.max(from, reached);
    reached = to;
  }
  return covered;
}
