import { describe, expect, it } from '@jest/globals';
import { canonicalJson, contentVersion, deriveId, newId } from './identity.ts';

describe('ids', () => {
  it('are new each time, and the same for the same name', () => {
    expect(newId('doc')).toMatch(/^doc_[0-9a-f]{24}$/);
    expect(newId('doc')).not.toBe(newId('doc'));
    expect(deriveId('eval', 'key')).toBe(deriveId('eval', 'key'));
    expect(deriveId('eval', 'key')).not.toBe(deriveId('eval', 'other'));
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys, at any depth', () => {
    const one = { b: [{ y: 1, x: null }], a: 'ü' };
    const other = { a: 'ü', b: [{ x: null, y: 1 }] };
    expect(canonicalJson(one)).toBe(canonicalJson(other));
    expect(canonicalJson(one)).toBe('{"a":"ü","b":[{"x":null,"y":1}]}');
  });

  it('keeps the order of lists', () => {
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });
});

it('gives a content another version for any change', () => {
  expect(contentVersion('a')).toMatch(/^[0-9a-f]{16}$/);
  expect(contentVersion('a')).not.toBe(contentVersion('a '));
});
