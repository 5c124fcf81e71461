import type { Clock } from '@berkas/service-kit';

export type FakeTime = {
  clock: Clock;
  /** Milliseconds of each wait so far. */
  waits: number[];
  /** Passes at once, and moves the clock by as much. */
  wait: (ms: number) => Promise<void>;
  pass(ms: number): void;
};

export function createFakeTime(start = '2025-01-01T00:00:00Z'): FakeTime {
  let nowMs = Date.parse(start);
  const waits: number[] = [];
  return {
    clock: { now: () => new Date(nowMs) },
    waits,
    wait: (ms) => {
      waits.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
    pass: (ms) => (nowMs += ms),
  };
}
