import { BerkasError } from './errors.ts';

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'Another program listens there: stop it, or set PORT to another port (0 takes any free one).',
  EACCES: 'This user may not take that port: set PORT to one above 1023.',
  EADDRNOTAVAIL: 'This machine has no such address: set HOST to one of its own.',
  ENOTFOUND: 'There is no such host: set HOST to an address of this machine.',
};

/** Why an address cannot be listened on, and what to do about it. */
export function cannotListen(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): Error {
  const advice = ADVICE[error.code ?? ''];
  if (advice === undefined) return error;
  return new BerkasError(`Cannot listen on ${host}:${port}. ${advice}`, {
    code: 'cannot_listen',
    retryable: false,
    cause: error,
  });
}
