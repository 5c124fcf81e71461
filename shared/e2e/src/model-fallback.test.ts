import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CHAT_MODEL, createOfflineModelServer, type OfflineModelServer } from '@berkas/llm/offline';
import { createLogger } from '@berkas/service-kit';
import { cvs, fixturePath, reports } from '../fixtures/index.ts';
import { startBerkas } from './berkas-under-test.ts';

const cv = fixturePath(cvs['mid-english'].file);
const report = fixturePath(reports['excellent-english'].file);

let second: OfflineModelServer;
beforeEach(() => {
  second = createOfflineModelServer({ logger: createLogger({ level: 'silent' }) });
});
afterEach(() => second.stop());

describe('a second model', () => {
  it('answers while the first one cannot, and the receipt says so of each call', async () => {
    const { baseUrl } = await second.start();
    const berkas = await startBerkas({
      OFFLINE_MODEL_FAULTS: JSON.stringify({ plan: { probabilities: { status_503: 1 } } }),
      LLM_FALLBACK_MODEL: CHAT_MODEL,
      LLM_FALLBACK_BASE_URL: baseUrl,
    });
    try {
      const ended = await berkas.screen(cv, report);
      if (ended.status !== 'completed') throw new Error(JSON.stringify(ended));
      const endpoints = ended.result.receipt.calls.map(({ endpoint }) => endpoint);
      expect(endpoints).toEqual(['fallback', 'fallback', 'fallback']);
    } finally {
      await berkas.dispose();
    }
  });
});
