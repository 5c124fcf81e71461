import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createTurns } from './in-turn.ts';

describe('turns', () => {
  it('follow each other under one key, in order, and do not wait for another key', async () => {
    const inTurn = createTurns();
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<string> => {
      seen.push(`${name} begins`);
      await nextTurn();
      seen.push(`${name} ends`);
      return name;
    };
    const answers = await Promise.all([
      inTurn('key', work('first')),
      inTurn('key', work('second')),
      inTurn('other', work('third')),
    ]);
    expect(answers).toEqual(['first', 'second', 'third']);
    expect(seen.indexOf('second begins')).toBeGreaterThan(seen.indexOf('first ends'));
    expect(seen.indexOf('third begins')).toBeLessThan(seen.indexOf('first ends'));
  });

  it('go on after work that failed, which tells only its own caller', async () => {
    const inTurn = createTurns();
    const failure = new Error('no');
    const failing = inTurn('key', () => Promise.reject(failure));
    const next = inTurn('key', () => Promise.resolve('next'));
    await expect(failing).rejects.toBe(failure);
    expect(await next).toBe('next');
  });
});
