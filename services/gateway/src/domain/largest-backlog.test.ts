import { describe, expect, it } from '@jest/globals';
import { largestBacklog } from './largest-backlog.ts';

const NOW_MS = Date.parse('2026-01-02T03:04:20.000Z');
const state = (service: string, backlog: number, seenAt = '2026-01-02T03:04:15.000Z') => ({
  ...{ service, backlog, seenAt },
});

describe('The largest backlog', () => {
  it('is that of the service furthest behind, of whose instances each tells of all', () => {
    const states = [state('ingest', 4), state('cv-evaluator', 3), state('cv-evaluator', 2)];
    expect(largestBacklog(states, NOW_MS)).toBe(4);
  });

  it('leaves out what an instance said that is gone', () => {
    const gone = state('ingest', 90, '2026-01-02T03:03:59.999Z');
    expect(largestBacklog([gone, state('status', 1)], NOW_MS)).toBe(1);
  });

  it('is not known while nobody says anything', () => {
    expect(largestBacklog([], NOW_MS)).toBeUndefined();
    expect(
      largestBacklog([state('ingest', 9, '2026-01-02T03:00:00.000Z')], NOW_MS),
    ).toBeUndefined();
  });
});
