import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';
import { startAll, stopAll, type Service } from './service.ts';

const logger = createLogger({ level: 'silent' });

const recorded = (calls: string[], name: string, change: Partial<Service> = {}): Service => ({
  name,
  start: () => Promise.resolve(void calls.push(`start ${name}`)),
  stop: () => Promise.resolve(void calls.push(`stop ${name}`)),
  health: () => ({}),
  ...change,
});

describe('starting and stopping services', () => {
  it('starts in order and stops in the reverse order', async () => {
    const calls: string[] = [];
    const services = [recorded(calls, 'a'), recorded(calls, 'b')];
    await startAll(services);
    await stopAll(services, { deadlineMs: 1000, logger });
    expect(calls).toEqual(['start a', 'start b', 'stop b', 'stop a']);
  });

  it('stops those already started when one cannot start, and says why', async () => {
    const calls: string[] = [];
    const broken = recorded(calls, 'b', { start: () => Promise.reject(new Error('port taken')) });
    await expect(startAll([recorded(calls, 'a'), broken, recorded(calls, 'c')])).rejects.toThrow(
      'port taken',
    );
    expect(calls).toEqual(['start a', 'stop a']);
  });

  it('leaves a service behind that does not stop in time, and one that fails to', async () => {
    const calls: string[] = [];
    await stopAll(
      [
        recorded(calls, 'a'),
        recorded(calls, 'fails', { stop: () => Promise.reject(new Error('no')) }),
        recorded(calls, 'hangs', { stop: () => new Promise(() => undefined) }),
      ],
      { deadlineMs: 20, logger },
    );
    expect(calls).toEqual(['stop a']);
  });
});
