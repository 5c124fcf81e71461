import {
  backOffMs,
  BerkasError,
  delay,
  isRetryable,
  messageOf,
  type Breaker,
  type Logger,
} from '@berkas/service-kit';

/** A server outside the process, as something that may be away. */
export type Server = {
  /** As people read it: Kafka, Elasticsearch, MinIO, MongoDB. */
  readonly name: string;
  /** Where it is, without secrets. */
  readonly address: string;
  /** Resolves when it answers and has what the set-up makes; rejects otherwise. */
  readonly ready: () => Promise<void>;
  /** What keeps calls from it while it is down, where there is one. */
  readonly breaker?: Breaker;
};

const BACK_OFF = { initialMs: 250, maximumMs: 5_000 };

/** The set-up may come after the services: until then a bucket or an index is not there. */
const mayBeSetUp = (error: unknown): boolean =>
  isRetryable(error) || (error instanceof BerkasError && error.code === 'storage_unusable');

/**
 * Tries until it succeeds, and says in the log what it waits for. Rejects with the error when time
 * will not mend it, and with the signal's reason once that is aborted.
 */
export async function waitUntil<Result>(
  what: string,
  attempt: () => Promise<Result>,
  { logger, signal, onWait }: WaitOptions,
  mayPass: (error: unknown) => boolean = isRetryable,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      const result = await orAborted(attempt(), signal);
      if (tries > 1) logger.info(`${what} is there`);
      onWait?.(what, undefined);
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error)) throw error;
      const waitMs = backOffMs(BACK_OFF, tries);
      const seconds = (waitMs / 1000).toFixed(1);
      onWait?.(what, messageOf(error));
      logger.warn(`Waiting for ${what}: ${messageOf(error)} Trying again in ${seconds} s.`);
      await delay(waitMs, signal);
      signal.throwIfAborted();
    }
  }
}

/** A client waits for a server by itself for some seconds; being asked to stop ends that too. */
async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const listening = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true, signal: listening.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    listening.abort();
  }
}

export type WaitOptions = {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Told what is waited for and why, and without a reason once it is there. */
  readonly onWait?: (what: string, reason: string | undefined) => void;
};

export const waitForServer = (server: Server, options: WaitOptions): Promise<void> =>
  waitUntil(`${server.name} at ${server.address}`, server.ready, options, mayBeSetUp);
