import type { Client, estypes } from '@elastic/elasticsearch';
import { ItemRefusedError, type Ask } from './elasticsearch-call.ts';

/** Rejects when the server refuses any of the operations; the others take effect all the same. */
export const writeInBulk = (
  ask: Ask,
  client: Client,
  action: string,
  request: estypes.BulkRequest,
): Promise<void> =>
  ask(action, async (options) => {
    const answer = await client.bulk(request, options);
    if (!answer.errors) return;
    const refused = answer.items
      .flatMap((item) => Object.values(item))
      .find(({ error }) => error !== undefined);
    const { type = 'unknown', reason } = refused?.error ?? {};
    throw new ItemRefusedError({ status: refused?.status ?? 0, type }, reason ?? 'no reason given');
  });
