import { abortReason, onAbort } from './deadline.ts';

type Flight<Result> = { result: Promise<Result>; callers: number; controller: AbortController };

export type SingleFlight<Result> = (
  key: string,
  task: (signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
) => Promise<Result>;

/**
 * Callers who ask for the same key at the same time share one task. A caller who gives up is
 * rejected at once. When all of them have, the task is aborted, and the last hears how it ended: what
 * it is just storing must not be cut by whoever stops the process next.
 */
export function createSingleFlight<Result>(): SingleFlight<Result> {
  const flights = new Map<string, Flight<Result>>();

  const end = (key: string, flight: Flight<Result>): void => {
    if (flights.get(key) === flight) flights.delete(key);
  };

  const start = (key: string, task: (signal: AbortSignal) => Promise<Result>): Flight<Result> => {
    const controller = new AbortController();
    const flight = { result: task(controller.signal), callers: 0, controller };
    flights.set(key, flight);
    const ended = (): void => end(key, flight);
    flight.result.then(ended, ended);
    return flight;
  };

  return async (key, task, signal) => {
    signal?.throwIfAborted();
    const flight = flights.get(key) ?? start(key, task);
    flight.callers += 1;
    return join(flight, signal, () => {
      // Whoever asks from now on needs a task of their own.
      end(key, flight);
      flight.controller.abort(signal?.reason);
    });
  };
}

function join<Result>(
  flight: Flight<Result>,
  signal: AbortSignal | undefined,
  abandon: () => void,
): Promise<Result> {
  if (signal === undefined) return flight.result;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      flight.callers -= 1;
      if (flight.callers === 0) abandon();
      else reject(abortReason(signal));
    };
    const stopListening = onAbort(signal, leave);
    flight.result.then(resolve, reject).finally(stopListening);
  });
}
