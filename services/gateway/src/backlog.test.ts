import { describe, expect, it } from '@jest/globals';
import type { ServiceState } from '@berkas/contracts';
import { createLogger } from '@berkas/service-kit';
import { createBacklog } from './backlog.ts';

const NOW = '2026-01-02T03:04:05.000Z';
const backlogOf = (states: () => Promise<ServiceState[]>) =>
  createBacklog({
    states,
    clock: { now: () => new Date(NOW) },
    logger: createLogger({ level: 'silent' }),
  });

describe('The backlog', () => {
  it('is what the services last said', async () => {
    const about = { service: 'ingest', startedAt: NOW, seenAt: NOW, away: [], retrying: [] };
    const states = ['1', '2'].map((id) => ({ ...about, id: `ingest/${id}`, backlog: 4 }));
    expect(await backlogOf(() => Promise.resolve(states)).size()).toBe(4);
  });

  it('is not known while they have said nothing or cannot be asked', async () => {
    expect(await backlogOf(() => Promise.resolve([])).size()).toBeUndefined();
    expect(await backlogOf(() => Promise.reject(new Error('away'))).size()).toBeUndefined();
  });
});
