import { describe, expect, it } from '@jest/globals';
import { createSingleFlight } from './single-flight.ts';

/** A task that ends when told to or when aborted. */
function pending(): {
  task: (signal: AbortSignal) => Promise<string>;
  finish: () => void;
  started: () => number;
  aborted: () => number;
} {
  let started = 0;
  let aborted = 0;
  let finish = (): void => undefined;
  return {
    task: (signal) => {
      started += 1;
      return new Promise((resolve, reject) => {
        finish = () => resolve('answer');
        signal.addEventListener('abort', () => {
          aborted += 1;
          reject(new Error('aborted'));
        });
      });
    },
    finish: () => finish(),
    started: () => started,
    aborted: () => aborted,
  };
}

describe('a single flight', () => {
  it('serves all who ask for the same at the same time', async () => {
    const once = createSingleFlight<string>();
    const { task, finish, started } = pending();
    const all = [once('key', task), once('key', task, new AbortController().signal)];
    finish();
    await expect(Promise.all(all)).resolves.toEqual(['answer', 'answer']);
    expect(started()).toBe(1);
  });

  it('is started anew for who asks later, also after a failure', async () => {
    const once = createSingleFlight<string>();
    await expect(once('key', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(once('key', () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('goes on while one caller still wants it', async () => {
    const once = createSingleFlight<string>();
    const { task, finish, aborted } = pending();
    const controller = new AbortController();
    const first = once('key', task, controller.signal);
    const second = once('key', task, new AbortController().signal);
    controller.abort(new Error('given up'));
    await expect(first).rejects.toThrow('given up');
    finish();
    await expect(second).resolves.toBe('answer');
    expect(aborted()).toBe(0);
  });

  it('is aborted when nobody wants it any more, and not joined after that', async () => {
    const once = createSingleFlight<string>();
    const abandoned = pending();
    const controller = new AbortController();
    const calls = [1, 2].map(() => once('key', abandoned.task, controller.signal));
    controller.abort(new Error('given up'));
    const later = once('key', () => Promise.resolve('fresh'));
    await expect(Promise.allSettled(calls)).resolves.toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
    expect(abandoned.aborted()).toBe(1);
    await expect(later).resolves.toBe('fresh');
  });

  it('is joined after that while it goes on with what it had begun', async () => {
    const once = createSingleFlight<string>();
    let finish = (_answer: string): void => undefined;
    const controller = new AbortController();
    const abandoned = once(
      'key',
      () => new Promise<string>((resolve) => (finish = resolve)),
      controller.signal,
    );
    controller.abort(new Error('given up'));
    const later = once('key', () => Promise.reject(new Error('a second task')));
    finish('answer');
    expect(await Promise.all([abandoned, later])).toEqual(['answer', 'answer']);
  });

  it('keeps the last who gives up until the task has ended', async () => {
    const once = createSingleFlight<string>();
    const happened: string[] = [];
    const controller = new AbortController();
    let store = (): void => undefined;
    const storing = new Promise<void>((resolve) => (store = resolve));
    const call = once(
      'key',
      () => storing.then(() => happened.push('stored')).then(() => 'answer'),
      controller.signal,
    );
    const ended = call.then(() => happened.push('ended'));
    controller.abort(new Error('given up'));
    store();
    await ended;
    expect(happened).toEqual(['stored', 'ended']);
  });
});
