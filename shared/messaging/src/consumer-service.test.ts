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

  it('leaves none running when one cannot start', async () => {
    const calls: string[] = [];
    const broken = recorded(calls, 'b', () => Promise.reject(new Error('no such topic')));
    const service = createConsumerService('status', { a: recorded(calls, 'a'), b: broken });
    await expect(service.start()).rejects.toThrow('no such topic');
    expect(calls).toContain('stop a');
  });
});
