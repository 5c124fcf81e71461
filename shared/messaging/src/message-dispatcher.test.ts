import { expect, it } from '@jest/globals';
import { createMessageDispatcher } from './message-dispatcher.ts';
import { createGatedHandler } from './testing/contract/harness.ts';
import { eventually } from './testing/eventually.ts';

const message = (partition: number, key: string, text: string) => ({
  topic: 't',
  partition,
  offset: '0',
  timestampMs: 0,
  key,
  headers: {},
  value: new TextEncoder().encode(text),
});

it('withdraws one partition: aborts what is under way, drops what waits, lets others run on', async () => {
  const handler = createGatedHandler();
  const finished: string[] = [];
  const dispatcher = createMessageDispatcher({
    concurrency: 4,
    onMessage: handler.onMessage,
    onFinished: ({ key }) => finished.push(key),
    onRejected: ({ key }) => finished.push(`${key} rejected`),
  });
  for (const each of [message(0, 'a', 'a1'), message(0, 'a', 'a2'), message(1, 'b', 'b1')]) {
    dispatcher.offer(each);
  }
  dispatcher.start();
  await eventually(() => handler.started.length === 2);
  await dispatcher.withdraw(({ partition }) => partition === 0);
  expect([finished, dispatcher.inFlight(), dispatcher.waiting()]).toEqual([['a rejected'], 1, 0]);
  // The key is free again: the partition may come back with the same message.
  dispatcher.offer(message(0, 'a', 'a1'));
  dispatcher.start();
  handler.finish('a1', 'b1');
  await eventually(() => dispatcher.inFlight() === 0);
  expect(finished.slice(1).sort()).toEqual(['a', 'b']);
  expect(handler.started).toEqual(['a1', 'b1', 'a1']);
});
