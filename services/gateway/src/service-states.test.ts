import { expect, it } from '@jest/globals';
import type { ServiceState } from '@berkas/contracts';
import type { Collection } from '@berkas/storage';
import { createServiceStates } from './service-states.ts';

const T0 = Date.parse('2025-01-15T09:30:00.000Z');

it('reads once a second, however many ask, and again at once after a failure', async () => {
  let nowMs = T0;
  let isAway = false;
  let reads = 0;
  const collection = {
    find: () => {
      reads += 1;
      return isAway ? Promise.reject(new Error('away')) : Promise.resolve([]);
    },
  } as unknown as Collection<ServiceState>;
  const states = createServiceStates({ collection, clock: { now: () => new Date(nowMs) } });
  await Promise.all([states(), states()]);
  nowMs += 999;
  await states();
  expect(reads).toBe(1);
  nowMs += 1;
  await states();
  expect(reads).toBe(2);
  nowMs += 1000;
  isAway = true;
  await expect(states()).rejects.toThrow('away');
  isAway = false;
  await expect(states()).resolves.toEqual([]);
  expect(reads).toBe(4);
});
