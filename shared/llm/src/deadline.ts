import { setMaxListeners } from 'node:events';

/**
 * Runs a task with a signal that is aborted by any of `signals` or after `timeoutMs`. Once that has
 * happened a failed task rejects with the reason of the abort, whatever it made of it.
 *
 * `AbortSignal.any` is not used: signals that live as long as the process kept every dependent one
 * alive in Node 20.
 */
export async function withDeadline<Result>(
  options: {
    signals: readonly (AbortSignal | undefined)[];
    timeout?: { afterMs: number; reason: () => Error };
  },
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const stopListening = options.signals.map((signal) => follow(signal, controller));
  const { timeout } = options;
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => controller.abort(timeout.reason()), timeout.afterMs);
  try {
    controller.signal.throwIfAborted();
    return await task(controller.signal);
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    for (const stop of stopListening) stop();
  }
}

function follow(signal: AbortSignal | undefined, controller: AbortController): () => void {
  if (signal === undefined) return () => undefined;
  const abort = (): void => controller.abort(signal.reason);
  if (signal.aborted) abort();
  return onAbort(signal, abort);
}

/**
 * Returns what takes the listener off again. A signal that lives as long as the process has a
 * listener for each call under way: more than the ten at which Node.js warns of a leak.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  setMaxListeners(0, signal);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
