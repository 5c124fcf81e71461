import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { createSlots } from './slots.ts';

/** Tasks that end when told to; `started` lists those that have begun. */
function controlled(): {
  started: string[];
  task: (name: string) => () => Promise<string>;
  finish: (name: string) => void;
} {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    started,
    task: (name) => () => {
      started.push(name);
      return new Promise((resolve) => ends.set(name, () => resolve(name)));
    },
    finish: (name) => ends.get(name)?.(),
  };
}

describe('slots', () => {
  it('let in so many and the rest in the order they came', async () => {
    const { started, task, finish } = controlled();
    const slots = createSlots(2);
    const all = ['a', 'b', 'c', 'd'].map((name) => slots.run(task(name)));
    await turn();
    expect(started).toEqual(['a', 'b']);
    finish('b');
    await turn();
    expect(started).toEqual(['a', 'b', 'c']);
    finish('a');
    finish('c');
    await turn();
    finish('d');
    await expect(Promise.all(all)).resolves.toEqual(['a', 'b', 'c', 'd']);
  });

  it('are free again after a task that failed', async () => {
    const slots = createSlots(1);
    await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slots.run(() => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('pass over one who gave up waiting', async () => {
    const { started, task, finish } = controlled();
    const slots = createSlots(1);
    const first = slots.run(task('a'));
    const controller = new AbortController();
    const second = slots.run(task('b'), controller.signal);
    const third = slots.run(task('c'));
    controller.abort(new Error('given up'));
    await expect(second).rejects.toThrow('given up');
    finish('a');
    await first;
    await turn();
    finish('c');
    await third;
    expect(started).toEqual(['a', 'c']);
  });

  it('are at least one', () => {
    expect(() => createSlots(0)).toThrow(TypeError);
  });
});
