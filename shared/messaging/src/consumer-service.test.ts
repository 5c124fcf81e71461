import { describe, expect, it } from '@jest/globals';
import { createConsumerService } from './consumer-service.ts';

const recorded = (
  calls: string[],
  name: string,
  start: () => Promise<void> = () => Promise.resolve(),
) => ({
  start: () => {
    calls.push(`start ${name}`);
    return start();
  },
  stop: () => Promise.resolve(void calls.push(`stop ${name}`)),
  health: () => ({ status: 'ok', detail: name }) as const,
});

describe('a service that is its consumers', () => {
  it('starts and stops them all, and says how each is', async () => {
    const calls: string[] = [];
    const service = createConsumerService('status', {
      a: recorded(calls, 'a'),
      b: recorded(calls, 'b'),
    });
    await service.start();
    expect(service.health()).toEqual({
      'status:a': { status: 'ok', detail: 'a' },
      'status:b': { status: 'ok', detail: 'b' },
    });
    await service.stop();
    expect(calls).toEqual(['start a', 'start b', 'stop a', 'stop b']);
  });

  it('starts them at once', async () => {
    const calls: string[] = [];
    let joined = (): void => undefined;
    const slow = recorded(calls, 'a', () => new Promise((resolve) => (joined = resolve)));
    const last = recorded(calls, 'b', () => {
      joined();
      return Promise.resolve();
    });
    await createConsumerService('status', { a: slow, b: last }).start();
    expect(calls).toEqual(['start a', 'start b']);
  });

  it('leaves none running when some cannot start, and says why the first could not', async () => {
    const calls: string[] = [];
    let joined = (): void => undefined;
    const slow = recorded(calls, 'c', async () => {
      await new Promise<void>((resolve) => (joined = resolve));
      calls.push('started c');
    });
    const service = createConsumerService('status', {
      a: recorded(calls, 'a', () => Promise.reject(new Error('no such topic'))),
      b: recorded(calls, 'b', () => Promise.reject(new Error('no such group'))),
      c: slow,
    });
    const starting = service.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual(['start a', 'start b', 'start c']);
    joined();
    await expect(starting).rejects.toThrow('no such topic');
    expect(calls.slice(3)).toEqual(['started c', 'stop a', 'stop b', 'stop c']);
  });

  it('sums up what waits, and is done with no more than the last of them is', async () => {
    const quiet = (doneBefore: string) => ({
      ...recorded([], 'quiet'),
      backlog: () => Promise.resolve({ events: 0, doneBefore }),
      retrying: () => [retried],
    });
    const retried = { evaluationId: 'e', code: 'away', attempts: 2, since: '2026-01-01T00:00:00Z' };
    const busy = { ...recorded([], 'busy'), backlog: () => Promise.resolve({ events: 3 }) };
    const quieter = { a: quiet('2026-01-01T00:00:02Z'), b: quiet('2026-01-01T00:00:01Z') };
    const plain = { plain: recorded([], 'says nothing of it') };
    const of = (consumers: Parameters<typeof createConsumerService>[1]) =>
      createConsumerService('status', consumers);
    expect(await of({ ...quieter, ...plain }).backlog?.()).toEqual({
      events: 0,
      doneBefore: '2026-01-01T00:00:01Z',
    });
    expect(await of({ ...quieter, busy }).backlog?.()).toEqual({ events: 3 });
    expect(of({ ...quieter, busy }).retrying?.()).toEqual([retried, retried]);
  });
});
