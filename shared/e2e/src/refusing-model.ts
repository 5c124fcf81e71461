import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CHAT_MODEL, createOfflineModelServer, EMBEDDING_MODEL } from '@berkas/llm/offline';
import { createLogger } from '@berkas/service-kit';
import type { Environment } from './installation.ts';

export interface RefusingModel {
  /** By which services use it. */
  readonly variables: Environment;
  /** Whether it refuses to embed, as an endpoint whose key has run out does. */
  refuses: boolean;
  stop(): Promise<void>;
}

/** The offline model behind an endpoint that can say no for good. */
export async function startRefusingModel(): Promise<RefusingModel> {
  const offline = createOfflineModelServer({ logger: createLogger({ level: 'silent' }) });
  const { baseUrl } = await offline.start();
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const path = (req.url ?? '').replace('/v1', '');
      if (model.refuses && path === '/embeddings') {
        res.writeHead(401, { 'content-type': 'application/json' });
        res.end(JSON.stringify({ error: { code: 'invalid_api_key', message: 'No.' } }));
        return;
      }
      void fetch(baseUrl + path, {
        method: req.method ?? 'GET',
        headers: { 'content-type': 'application/json' },
        ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
      }).then(async (answer) => {
        res.writeHead(answer.status, { 'content-type': 'application/json' });
        res.end(Buffer.from(await answer.arrayBuffer()));
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const model: RefusingModel = {
    variables: {
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      OPENAI_API_KEY: 'none',
      LLM_MODEL: CHAT_MODEL,
      EMBEDDING_MODEL,
    },
    refuses: false,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await offline.stop();
    },
  };
  return model;
}
