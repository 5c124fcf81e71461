import {
  backOffMs,
  BerkasError,
  delay,
  isBreakerRejection,
  type BackOff,
  type Clock,
  type Flow,
} from '@berkas/service-kit';

export type RetryPolicy = BackOff & {
  /** How often an event is tried at least before it is given up; Infinity for ever. At least 1. */
  readonly attempts: number;
  /**
   * How long it is tried at least, from its first try. An outage is over after a time, not after a
   * number of tries: eight of them are gone in half a minute. Stands still while the flow is blocked.
   */
  readonly patienceMs: number;
  /**
   * How much time an event may lose to outages before they count like any other failure. Without
   * an end to it, an event that by itself makes a server fail would keep the breaker open for ever.
   */
  readonly outagePatienceMs: number;
};

/**
 * A disk that is cleared within ten minutes costs no event. Beyond that, one event of each place
 * under way is given up every ten minutes or so, and the rest wait. What a breaker guards may be away
 * for a day.
 */
export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 8,
  patienceMs: 10 * 60_000,
  outagePatienceMs: 24 * 3_600_000,
  initialMs: 500,
  maximumMs: 30_000,
};

/** No answer of another server makes a message wait longer than this. */
const MAXIMUM_WAIT_MS = 10 * 60_000;

/** Full jitter, added to what the other side asked for, so that a crowd does not return as one. */
export function waitMs(
  policy: BackOff,
  failed: { attempt: number; error: unknown },
  random: () => number,
): number {
  const asked = failed.error instanceof BerkasError ? (failed.error.retryAfterMs ?? 0) : 0;
  return Math.min(MAXIMUM_WAIT_MS, asked + backOffMs(policy, failed.attempt, random));
}

export type Attempted<Result> =
  | { readonly ok: true; readonly result: Result; readonly attempts: number }
  | { readonly ok: false; readonly error: unknown; readonly attempts: number };

export type AttemptOptions = {
  readonly policy: RetryPolicy;
  readonly flow: Flow;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly random: () => number;
  /** Whether the same work may succeed later; anything else ends the tries at once. */
  readonly mayPass: (error: unknown) => boolean;
  readonly onRetry: (retry: { error: unknown; attempt: number; waitMs: number }) => void;
  /** Told once for each outage: work is not tried until what it waits for is back. */
  readonly onAway?: (away: { error: unknown; waitingFor: readonly string[] }) => void;
};

/**
 * Tries until it succeeds, fails in a way that cannot pass, or the policy's tries and patience are
 * both used up. A try that an outage spoilt costs neither: one that a breaker turned away, or after
 * which the flow is blocked. It waits for the flow instead, up to the policy's patience with outages.
 *
 * Ends as failed once the signal is aborted, after the try or wait under way: the caller looks at
 * the signal.
 */
export async function attempt<Result>(
  work: (attempt: number) => Promise<Result>,
  options: AttemptOptions,
): Promise<Attempted<Result>> {
  const { policy, flow, signal, mayPass } = options;
  const nowMs = (): number => options.clock.now().getTime();
  let startedAtMs = nowMs();
  let attempts = 1;
  let wasAway = false;
  let awayMs = 0;
  for (;;) {
    const triedAtMs = nowMs();
    const endures = awayMs < policy.outagePatienceMs;
    try {
      return { ok: true, result: await work(attempts), attempts };
    } catch (error) {
      const failed: Attempted<Result> = { ok: false, error, attempts };
      if (signal.aborted || !mayPass(error)) return failed;
      const spoilt = endures && (isBreakerRejection(error) || isBlocked(flow));
      const isPatient = attempts < policy.attempts || nowMs() - startedAtMs < policy.patienceMs;
      if (!spoilt && !isPatient) return failed;
      const isAway = await waitToRetry({ error, attempt: attempts, spoilt, wasAway }, options);
      // Read through a function: the compiler holds the flag for unchanged since the check above.
      if (isAborted(signal)) return failed;
      if (isAway && endures) {
        const lostMs = nowMs() - triedAtMs;
        awayMs += lostMs;
        startedAtMs += lostMs;
      } else {
        attempts += 1;
      }
      wasAway = isAway;
    }
  }
}

type FailedTry = { error: unknown; attempt: number; spoilt: boolean; wasAway: boolean };

/** Answers whether an outage spoilt the try: one that shows only during the wait did so too. */
async function waitToRetry(failed: FailedTry, options: AttemptOptions): Promise<boolean> {
  const { policy, flow, signal, random, onRetry, onAway } = options;
  const { error, attempt, spoilt } = failed;
  let isAway = spoilt;
  let told = failed.wasAway;
  const look = (): void => {
    isAway ||= isBlocked(flow);
    if (!isAway || told) return;
    told = true;
    onAway?.({ error, waitingFor: flow.blockedBy() });
  };
  const stopListening = flow.onChange(look);
  look();
  if (!isBlocked(flow)) {
    const wait = waitMs(policy, failed, random);
    if (!spoilt) onRetry({ error, attempt, waitMs: wait });
    await delay(wait, signal);
  }
  while (isBlocked(flow) && !signal.aborted) {
    await flow.ready(signal);
    // All that waited would go on in the same instant.
    await delay(backOffMs(policy, attempt, random), signal);
  }
  stopListening();
  return isAway;
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;
const isBlocked = (flow: Flow): boolean => flow.blockedBy().length > 0;
