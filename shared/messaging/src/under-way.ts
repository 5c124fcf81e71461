import { isoNow, type Clock, type RetryingEvent } from '@berkas/service-kit';
import type { DeliveredMessage } from './event-bus.ts';

/** What one consumer has under way, and what of it failed in a way that may pass. */
export interface UnderWay {
  /** Kept from here until `work` settles. */
  during<Result>(message: DeliveredMessage, work: () => Promise<Result>): Promise<Result>;
  /** Which evaluation the message is about, where it says so. */
  isAbout(message: DeliveredMessage, data: unknown): void;
  /** A try of it failed and another will follow; `attempt` counts those that failed on their own. */
  failed(message: DeliveredMessage, failure: { code: string; attempt?: number }): void;
  messages(): readonly DeliveredMessage[];
  has(message: DeliveredMessage): boolean;
  retrying(): readonly RetryingEvent[];
}

type Entry = { evaluationId?: string; failure?: Omit<RetryingEvent, 'evaluationId'> };

export function createUnderWay(clock: Clock): UnderWay {
  const entries = new Map<DeliveredMessage, Entry>();
  return {
    async during(message, work) {
      entries.set(message, {});
      try {
        return await work();
      } finally {
        entries.delete(message);
      }
    },
    isAbout(message, data) {
      const entry = entries.get(message);
      const evaluationId = evaluationIdOf(data);
      if (entry !== undefined && evaluationId !== undefined) entry.evaluationId = evaluationId;
    },
    failed(message, { code, attempt }) {
      const entry = entries.get(message);
      if (entry === undefined) return;
      const { attempts = 1, since = isoNow(clock) } = entry.failure ?? {};
      entry.failure = { code, attempts: attempt ?? attempts, since };
    },
    messages: () => [...entries.keys()],
    has: (message) => entries.has(message),
    retrying: () =>
      [...entries.values()].flatMap(({ evaluationId, failure }) =>
        evaluationId === undefined || failure === undefined ? [] : [{ evaluationId, ...failure }],
      ),
  };
}

function evaluationIdOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('evaluationId' in data)) return undefined;
  return typeof data.evaluationId === 'string' ? data.evaluationId : undefined;
}
