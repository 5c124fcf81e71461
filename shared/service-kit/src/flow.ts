import type { Breaker } from './breaker.ts';

/** Whether work may be taken up now, by the dependencies that it needs. */
export interface Flow {
  /**
   * Names of the dependencies that are away; empty while work may be taken up. Only an open breaker
   * blocks: a half-open one is waiting for the work that tries it.
   */
  blockedBy(): readonly string[];
  /** Told when work may no longer be taken up, and when it may again. Returns what takes it off. */
  onChange(listener: () => void): () => void;
  /** Resolves once nothing blocks, or the signal is aborted. */
  ready(signal: AbortSignal): Promise<void>;
}

/** Listens to the breakers for as long as they live. Without any, work may always be taken up. */
export function createFlow(breakers: readonly Breaker[]): Flow {
  const listeners = new Set<() => void>();
  const blockedBy = (): string[] =>
    breakers.filter((breaker) => breaker.state() === 'open').map(({ name }) => name);
  const isBlocked = (): boolean => blockedBy().length > 0;
  let wasBlocked = isBlocked();

  const tellIfChanged = (): void => {
    if (isBlocked() === wasBlocked) return;
    wasBlocked = !wasBlocked;
    for (const listener of [...listeners]) listener();
  };
  for (const breaker of breakers) breaker.onChange(tellIfChanged);

  const onChange = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  return {
    blockedBy,
    onChange,
    ready: (signal) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (isBlocked() && !signal.aborted) return;
          stopListening();
          signal.removeEventListener('abort', look);
          resolve();
        };
        const stopListening = onChange(look);
        signal.addEventListener('abort', look, { once: true });
        look();
      }),
  };
}
