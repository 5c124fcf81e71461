import { abortReason } from '@berkas/service-kit';
import { onAbort } from './deadline.ts';

type Flight<Result> = { result: Promise<Result>; callers: number; controller: AbortController };

export type SingleFlight<Result> = (
  key: string,
  task: (signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
) => Promise<Result>;

/**
 * Callers who ask for the same key at the same time share one task. A caller who gives up is
 * rejected at once. When all of them have, the task is told, and the last hears how it ended: what
 * it goes on with, such as storing an answer, must not be cut by whoever stops the process next.
 * Whoever asks meanwhile shares it.
 */
export function createSingleFlight<Result>(): SingleFlight<Result> {
  const flights = new Map<string, Flight<Result>>();

  const start = (key: string, task: (signal: AbortSignal) => Promise<Result>): Flight<Result> => {
    const controller = new AbortController();
    const flight = { result: task(controller.signal), callers: 0, controller };
    flights.set(key, flight);
    const ended = (): boolean => flights.delete(key);
    flight.result.then(ended, ended);
    return flight;
  };

  const once: SingleFlight<Result> = async (key, task, signal) => {
    signal?.throwIfAborted();
    const flight = flights.get(key) ?? start(key, task);
    const wasAbandoned = flight.controller.signal.aborted;
    flight.callers += 1;
    const joined = join(flight, signal, () => flight.controller.abort(signal?.reason));
    if (!wasAbandoned) return joined;
    // It goes on with what it had begun, or was cut: then whoever asks needs a task of their own.
    return joined.catch(() => once(key, task, signal));
  };
  return once;
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
