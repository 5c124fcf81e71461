import type { Flow } from '@berkas/service-kit';
import type { EventBus, SubscribeOptions, Subscription } from './event-bus.ts';

/** A subscription that is made at the start, freed at the stop, and paused with what it needs. */
export interface FlowingSubscription {
  /** Resolves once it is subscribed; rejects with a `BusError`. Safe to repeat. */
  start(): Promise<void>;
  /** Takes nothing new, aborts what is under way and waits for it. Safe to repeat; may start again. */
  stop(): Promise<void>;
  /** Takes nothing new until `resume`; also before the start. */
  pause(): void;
  resume(): void;
  /** While it is started. */
  readonly current: () => Subscription | undefined;
  /** For people: `reading`, or why not. */
  readonly doing: () => string;
}

export function createFlowingSubscription(
  bus: EventBus,
  flow: Flow,
  options: SubscribeOptions,
): FlowingSubscription {
  let subscription: Subscription | undefined;
  let stopListening: (() => void) | undefined;
  let paused = false;
  // Starts and stops come one after the other, however they are called.
  let lastChange: Promise<void> = Promise.resolve();
  const change = (work: () => Promise<void>): Promise<void> => {
    const changed = lastChange.then(work);
    lastChange = changed.catch(() => undefined);
    return changed;
  };

  /** Messages flow when neither the caller nor the flow holds them up. */
  const pauseOrResume = (): void => {
    if (paused || flow.blockedBy().length > 0) subscription?.pause();
    else subscription?.resume();
  };
  const start = async (): Promise<void> => {
    if (subscription !== undefined) return;
    subscription = await bus.subscribe(options);
    stopListening = flow.onChange(pauseOrResume);
    pauseOrResume();
  };
  const stop = async (): Promise<void> => {
    stopListening?.();
    await subscription?.stop();
    subscription = undefined;
  };

  return {
    start: () => change(start),
    stop: () => change(stop),
    pause() {
      paused = true;
      pauseOrResume();
    },
    resume() {
      paused = false;
      pauseOrResume();
    },
    current: () => subscription,
    doing: () => {
      const away = flow.blockedBy();
      if (away.length === 0) return paused ? 'paused' : 'reading';
      return `paused while ${away.join(' and ')} ${away.length > 1 ? 'are' : 'is'} away`;
    },
  };
}
