import { StorageError } from './storage-error.ts';

const MAX_KEY_LENGTH = 1_024;
/** What common file systems allow for one name. */
const MAX_SEGMENT_LENGTH = 255;

/** Throws `invalid_blob_key` unless every adapter can hold the key as it is. */
export function assertBlobKey(key: string): void {
  const problem = problemOf(key);
  if (problem === undefined) return;
  throw new StorageError('invalid_blob_key', `Not a blob key, ${problem}: ${JSON.stringify(key)}`);
}

function problemOf(key: string): string | undefined {
  if (key.length === 0) return 'it is empty';
  if (key.length > MAX_KEY_LENGTH) return `it is longer than ${MAX_KEY_LENGTH} characters`;
  if (!/^[A-Za-z0-9._/@-]+$/.test(key)) return 'only letters, digits and ._-/@ are allowed';
  if (key.includes('..')) return 'it contains ".."';
  const segments = key.split('/');
  if (segments.some((segment) => segment === '' || segment === '.')) {
    return 'a part between slashes is empty or "."';
  }
  if (segments.some((segment) => segment.length > MAX_SEGMENT_LENGTH)) {
    return `a part between slashes is longer than ${MAX_SEGMENT_LENGTH} characters`;
  }
  return undefined;
}
