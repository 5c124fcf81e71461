import { describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { withDeadline } from './deadline.ts';

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('something else')));
  });

describe('a deadline', () => {
  it('rejects with its reason, whatever the task made of the abort', async () => {
    const timeout = { afterMs: 1, reason: () => new Error('too late') };
    await expect(withDeadline({ signals: [], timeout }, untilAborted)).rejects.toThrow('too late');
  });

  it('follows every signal and leaves no listener behind', async () => {
    const first = new AbortController();
    const second = new AbortController();
    const signals = [first.signal, undefined, second.signal];
    await withDeadline({ signals }, () => Promise.resolve());
    expect(getEventListeners(first.signal, 'abort')).toEqual([]);

    const task = withDeadline({ signals }, untilAborted);
    second.abort(new Error('second'));
    await expect(task).rejects.toThrow('second');
    expect(getEventListeners(first.signal, 'abort')).toEqual([]);
  });

  it('does not begin what is aborted already', async () => {
    let began = false;
    const task = withDeadline({ signals: [AbortSignal.abort(new Error('gone'))] }, () => {
      began = true;
      return Promise.resolve();
    });
    await expect(task).rejects.toThrow('gone');
    expect(began).toBe(false);
  });

  it('leaves the error of a task alone that was not aborted', async () => {
    const failed = withDeadline({ signals: [] }, () => Promise.reject(new Error('its own')));
    await expect(failed).rejects.toThrow('its own');
  });
});
