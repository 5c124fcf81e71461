import { describe, expect, it } from '@jest/globals';
import { safeFileName } from './file-name.ts';

const asLatin1 = (name: string): string => Buffer.from(name, 'utf8').toString('latin1');

describe('safeFileName', () => {
  it.each([
    [asLatin1('Résumé.pdf'), 'Résumé.pdf'],
    [asLatin1('履歴書.pdf'), '履歴書.pdf'],
    ['R\u00e9sum\u00e9.pdf', 'Résumé.pdf'],
    ['履歴書.pdf', '履歴書.pdf'],
    ['/etc/passwd', 'passwd'],
    ['C:\\Users\\me\\cv.pdf', 'cv.pdf'],
    ['cv\r\nSet-Cookie: x.pdf', 'cvSet-Cookie: x.pdf'],
    ['..', 'cv.pdf'],
    ['\u0000', 'cv.pdf'],
    ['folder/', 'cv.pdf'],
  ])('makes %j to %j', (raw, name) => {
    expect(safeFileName(raw, 'cv.pdf')).toBe(name);
  });

  it('cuts a name at 200 characters', () => {
    expect(safeFileName('x'.repeat(1000), 'cv.pdf')).toHaveLength(200);
  });
});
