import { describe, expect, it } from '@jest/globals';
import { translateDatabaseError, translateFileError } from './translate-error.ts';

const systemError = (code: string) => Object.assign(new Error(`${code}: refused`), { code });

describe('What a file system refuses', () => {
  it.each([
    ['ENOSPC', 'storage_full', /free some space/],
    ['EFBIG', 'storage_full', /free some space/],
    ['EROFS', 'storage_unavailable', /mount its disk writable/],
    ['EACCES', 'storage_unavailable', /Let this user write/],
    ['EIO', 'storage_unavailable', /^Could not write a blob: EIO: refused$/],
  ])('is told with what to do about it: %s', (code, translated, message) => {
    expect(translateFileError(systemError(code), 'write a blob')).toMatchObject({
      code: translated,
      retryable: true,
      message: expect.stringMatching(message),
    });
  });

  it('is a bug where it is not known', () => {
    const bug = systemError('EINVAL');
    expect(translateFileError(bug, 'write a blob')).toBe(bug);
  });
});

describe('What a database refuses', () => {
  it.each([
    ['SQLITE_FULL', 'storage_full', /free some space/],
    ['SQLITE_READONLY', 'storage_unavailable', /mount its disk writable/],
    ['SQLITE_READONLY_DBMOVED', 'storage_unavailable', /mount its disk writable/],
    ['SQLITE_IOERR_WRITE', 'storage_unavailable', /refused$/],
  ])('is told with what to do about it, and may pass: %s', (code, translated, message) => {
    expect(translateDatabaseError(systemError(code), '/data/berkas.db')).toMatchObject({
      code: translated,
      retryable: true,
      message: expect.stringMatching(message),
    });
  });
});
