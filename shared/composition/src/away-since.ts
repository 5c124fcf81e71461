import type { ServiceState } from '@berkas/contracts';
import { isoNow, type Breaker, type Clock } from '@berkas/service-kit';

const EVENT_LOG = 'event log';

export interface AwaySince {
  /**
   * What is away, each with the time since when: until it has answered again. One that is only
   * waiting to be tried keeps nobody, unless there is work that waits for how the try ends.
   */
  now(about: { hasWork: boolean }): ServiceState['away'];
  /** The log has no breaker: whoever asks it says whether it answered. */
  eventLog(answers: boolean): void;
  /** Told when something goes away or comes back. */
  listen(onChange: () => void): void;
  /** Listens no more. */
  close(): void;
}

export function createAwaySince(breakers: readonly Breaker[], clock: Clock): AwaySince {
  const since = new Map<string, string>();
  const cleanUps: (() => void)[] = [];
  const note = (name: string, isAway: boolean): void => {
    if (!isAway) since.delete(name);
    else if (!since.has(name)) since.set(name, isoNow(clock));
  };
  const look = (): void => {
    // A half-open one stays what it was: away, and not known to be back.
    for (const breaker of breakers) {
      if (breaker.state() !== 'half_open') note(breaker.name, breaker.state() === 'open');
    }
  };
  return {
    now({ hasWork }) {
      look();
      const untried = breakers.filter((breaker) => breaker.state() === 'half_open');
      const passed = new Set(hasWork ? [] : untried.map(({ name }) => name));
      return [...since].flatMap(([name, from]) =>
        passed.has(name) ? [] : [{ name, since: from }],
      );
    },
    eventLog: (answers) => note(EVENT_LOG, !answers),
    listen(onChange) {
      for (const breaker of breakers) {
        cleanUps.push(
          breaker.onChange(() => {
            look();
            onChange();
          }),
        );
      }
    },
    close: () => {
      for (const undo of cleanUps.splice(0)) undo();
    },
  };
}
