import { describe, expect, it } from '@jest/globals';
import { needsClaims } from './claimed-swap.ts';

describe('claims on revisions', () => {
  it.each([
    [{ version: '7.0.42' }, false],
    [{ version: '7.0.42', ferretdbVersion: 'v1.24.0' }, true],
    [{ version: '7.0.42', ferretdbVersion: 'unknown' }, true],
    [{ version: '7.0.77', ferretdbVersion: 'v2.7.0' }, false],
    [{ version: '7.0.77', ferretdbVersion: '10.0.0' }, false],
  ])('of the server %j are needed: %s', (build, needed) => {
    expect(needsClaims(build)).toBe(needed);
  });
});
