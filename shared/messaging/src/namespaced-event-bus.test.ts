import { expect, it } from '@jest/globals';
import type { DeliveredMessage } from './event-bus.ts';
import { createNamespacedEventBus } from './namespaced-event-bus.ts';
import { textMessage, textOf } from './testing/contract/harness.ts';
import { collectMessages, createTemporaryEventBus, eventually } from './testing/index.ts';

it('keeps two installations on one bus apart, and neither notices', async () => {
  const bus = createTemporaryEventBus();
  const blue = createNamespacedEventBus(bus, 'blue');
  const green = createNamespacedEventBus(bus, 'green');
  const seen: DeliveredMessage[] = [];
  await blue.subscribe({
    group: 'g',
    topic: 't',
    concurrency: 1,
    onMessage: (message) => Promise.resolve(void seen.push(message)),
  });
  await green.publish([textMessage('t', 'k', 'of green')]);
  await blue.publish([textMessage('t', 'k', 'of blue')]);
  await eventually(() => seen.length > 0);
  expect(seen.map((message) => [message.topic, textOf(message)])).toEqual([['t', 'of blue']]);
  const replayed = await collectMessages(green, 't');
  expect(replayed.map((message) => [message.topic, textOf(message)])).toEqual([['t', 'of green']]);
  await bus.dispose();
});
