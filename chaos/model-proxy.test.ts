import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renderParts } from '@berkas/llm';
import { CHAT_MODEL } from '@berkas/llm/offline';
import { eventually } from '@berkas/messaging/testing';
import { named, startModelProxy, type ModelProxy } from './model-proxy.ts';
import { createChance } from './random.ts';

let proxy: ModelProxy;
beforeEach(async () => {
  proxy = await startModelProxy({ chance: createChance(1), timeoutMs: 1_000 });
});
afterEach(() => proxy.stop());

const part = {
  parameters: [{ id: 'a', label: 'A', score: 4, reason: 'Good.' }],
  feedback: 'Good.',
};
const evaluations = { cv: { match_rate: 0.8, ...part }, project: { score: 4, ...part } };
const body = JSON.stringify({
  model: CHAT_MODEL,
  messages: [
    {
      role: 'user',
      content: renderParts([
        { name: 'job_title', content: 'Engineer' },
        { name: 'evaluations', content: JSON.stringify(evaluations) },
      ]),
    },
  ],
});
const ask = () =>
  fetch(`${proxy.environment['OPENAI_BASE_URL'] ?? ''}/chat/completions`, { method: 'POST', body });

describe('the proxy before the model', () => {
  it('passes answers on and counts them by request', async () => {
    for (let count = 0; count < 2; count += 1) expect((await ask()).status).toBe(200);
    expect([...proxy.answers.values()].map(({ wholeAt }) => wholeAt.length)).toEqual([2]);
  });

  it('says how many calls are under way', async () => {
    expect(proxy.inFlight()).toBe(0);
    const asking = Promise.all([ask(), ask()]);
    await eventually(() => proxy.inFlight() === 2);
    await asking;
    await eventually(() => proxy.inFlight() === 0);
  });

  it('counts a spoilt answer as none', async () => {
    proxy.setFaultShare(1);
    await Promise.allSettled(
      Array.from({ length: 12 }, async () => {
        const response = await fetch(
          `${proxy.environment['OPENAI_BASE_URL'] ?? ''}/chat/completions`,
          { method: 'POST', body, signal: AbortSignal.timeout(1_500) },
        );
        await response.text();
      }),
    );
    const injected = [...proxy.injected.values()].reduce((sum, count) => sum + count, 0);
    expect(injected).toBe(12);
    const late = proxy.injected.get('late') ?? 0;
    const [counted] = proxy.answers.values();
    expect(counted?.wholeAt.length ?? 0).toBe(late);
  });

  it('refuses connections while it is away, and is back at the same address', async () => {
    await proxy.goAway();
    await expect(ask()).rejects.toThrow();
    await proxy.comeBack();
    expect((await ask()).status).toBe(200);
  });
});

describe('an answer', () => {
  const answer = JSON.stringify({
    object: 'chat.completion',
    choices: [
      { message: { content: JSON.stringify({ feedback: 'Solid work.', parameters: [] }) } },
    ],
  });

  it('names the reference that it was asked about', () => {
    expect(named(answer, 'cv of Reference 000042 …')).toContain('Solid work (Reference 000042).');
  });

  it('stays as it is where there is none', () => {
    expect(named(answer, 'cv of nobody')).toBe(answer);
  });
});
