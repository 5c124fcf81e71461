import type { ServiceState } from '@berkas/contracts';
import { messageOf, type Clock, type Logger } from '@berkas/service-kit';
import { largestBacklog } from './domain/largest-backlog.ts';

export interface Backlog {
  /**
   * Events that wait before the service that is furthest behind; undefined when that is not known.
   * As old as what the services last said of themselves.
   */
  size(): Promise<number | undefined>;
}

export function createBacklog(deps: {
  readonly states: () => Promise<readonly ServiceState[]>;
  readonly clock: Clock;
  readonly logger: Logger;
}): Backlog {
  const { states, clock, logger } = deps;
  return {
    size: async () => {
      try {
        return largestBacklog(await states(), clock.now().getTime());
      } catch (error) {
        // A limit that cannot be told is no reason to turn anyone away.
        logger.warn({ reason: messageOf(error) }, 'the backlog cannot be read');
        return undefined;
      }
    },
  };
}
