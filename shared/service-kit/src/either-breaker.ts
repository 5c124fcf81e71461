import type { Breaker, BreakerState } from './breaker.ts';

/**
 * Two that stand in for each other, as whoever waits for them sees them: away only while both are.
 * By the name of the first, to which its calls go.
 */
export function eitherBreaker(first: Breaker, second: Breaker): Breaker {
  const both = [first, second];
  const state = (): BreakerState => {
    const states = both.map((breaker) => breaker.state());
    if (states.includes('closed')) return 'closed';
    return states.includes('half_open') ? 'half_open' : 'open';
  };
  return {
    ...first,
    state,
    health: () => (state() === 'closed' ? { status: 'ok', detail: 'answering' } : first.health()),
    onChange(listener) {
      const undo = both.map((breaker) => breaker.onChange(() => listener(state())));
      return () => {
        for (const stopListening of undo) stopListening();
      };
    },
  };
}
