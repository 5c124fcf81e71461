import { StorageError } from './storage-error.ts';

/**
 * The work's answer, or a retryable `storage_unavailable` once the time is over; the signal is
 * aborted then. Work that ignores the signal goes on unheard: a write may still take effect.
 */
export async function withinDeadline<Answer>(
  timeoutMs: number,
  action: string,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(lateError(action, timeoutMs));
      controller.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

export const lateError = (action: string, timeoutMs: number): StorageError =>
  new StorageError('storage_unavailable', `Could not ${action}: no answer within ${timeoutMs} ms.`);
