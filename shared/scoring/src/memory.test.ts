import { describe, expect, it } from '@jest/globals';
import { createMemory } from './memory.ts';

describe('remembering what never changes', () => {
  it('reads once a key, also for those who ask meanwhile', async () => {
    const remembered = createMemory<number>();
    let reads = 0;
    const read = () => Promise.resolve((reads += 1));
    expect(await Promise.all([remembered('a', read), remembered('a', read)])).toEqual([1, 1]);
    expect(await remembered('a', read)).toBe(1);
    expect(await remembered('b', read)).toBe(2);
  });

  it('does not remember a failure', async () => {
    const remembered = createMemory<string>();
    await expect(remembered('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await remembered('a', () => Promise.resolve('there'))).toBe('there');
  });
});
