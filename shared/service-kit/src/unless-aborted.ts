/**
 * Waits for work that has no way to end early, or that others wait for too. Once the signal is aborted
 * it rejects with the signal's reason, and the work goes on without this caller.
 */
export function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      const { reason } = signal as { reason: unknown };
      reject(reason instanceof Error ? reason : new Error('Aborted.', { cause: reason }));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
