import { createBreaker, createFlow, createLogger, systemClock } from '@berkas/service-kit';
import type { Breaker, BreakerState, Flow } from '@berkas/service-kit';
import { away } from './consumer-fixture.ts';

export type SwitchedFlow = Flow & {
  block(): void;
  unblock(): void;
  /** How many listen to it now. */
  listeners(): number;
};

/** The flow of work that needs Elasticsearch, which is away when the test says so. */
export function createSwitchedFlow(): SwitchedFlow {
  let state: BreakerState = 'closed';
  let told: (state: BreakerState) => void = () => undefined;
  let listeners = 0;
  const become = (next: BreakerState): void => {
    state = next;
    told(next);
  };
  const breaker: Breaker = {
    name: 'Elasticsearch',
    run: (call) => call(),
    state: () => state,
    health: () => ({ status: 'ok', detail: state }),
    onChange: (listener) => {
      told = listener;
      return () => undefined;
    },
    close: () => undefined,
  };
  const flow = createFlow([breaker]);
  return {
    ...flow,
    onChange(listener) {
      listeners += 1;
      const stop = flow.onChange(listener);
      return () => {
        listeners -= 1;
        stop();
      };
    },
    block: () => become('open'),
    unblock: () => become('half_open'),
    listeners: () => listeners,
  };
}

/** A breaker that opens on the second failure in a row and looks again after a few milliseconds. */
export const createQuickBreaker = (): Breaker =>
  createBreaker({
    name: 'Elasticsearch',
    options: {
      errorThresholdPercentage: 50,
      volumeThreshold: 2,
      windowMs: 60_000,
      resetTimeoutMs: 5,
    },
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    isFailure: () => true,
    rejection: away,
  });

/** What an open breaker rejects with. */
export async function breakerRejection(): Promise<Error> {
  const breaker = createQuickBreaker();
  const fail = (): Promise<Error> =>
    breaker.run(() => Promise.reject(away())).catch((error: unknown) => error as Error);
  await fail();
  await fail();
  const rejection = await fail();
  breaker.close();
  return rejection;
}
