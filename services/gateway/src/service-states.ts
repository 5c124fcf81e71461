import type { ServiceState } from '@berkas/contracts';
import type { Clock } from '@berkas/service-kit';
import type { Collection } from '@berkas/storage';

const READ_EVERY_MS = 1_000;
/** Of instances; those that are gone are cleared away by the rest. */
const MAXIMUM = 1_000;

/** What the services last said of themselves, up to a second old: one read, however many ask. */
export function createServiceStates(deps: {
  readonly collection: Collection<ServiceState>;
  readonly clock: Clock;
}): () => Promise<readonly ServiceState[]> {
  let latest: { readonly states: Promise<ServiceState[]>; readonly readAtMs: number } | undefined;
  return () => {
    const nowMs = deps.clock.now().getTime();
    if (latest === undefined || Math.abs(nowMs - latest.readAtMs) >= READ_EVERY_MS) {
      const states = deps.collection.find({ limit: MAXIMUM });
      const read = { states, readAtMs: nowMs };
      latest = read;
      // A failure is told to those who ask now, and not kept for those who ask next.
      states.catch(() => {
        if (latest === read) latest = undefined;
      });
    }
    return latest.states;
  };
}
