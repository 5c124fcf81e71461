import { describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.ts';
import {
  createGatedHandler,
  newGroup,
  settle,
  textMessage,
  textOf,
  type ContractContext,
} from './harness.ts';

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

/** Order, concurrency, groups, pausing, lag. */
export function deliveryContract({ harness }: ContractContext): void {
  describe('delivering', () => {
    it('delivers messages of one key in publishing order, one at a time', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const seen = new Map<string, number[]>();
      const underWay = new Set<string>();
      let overlapped = false;
      await bus.subscribe({
        group: newGroup(),
        topic,
        concurrency: 8,
        onMessage: async (message) => {
          overlapped ||= underWay.has(message.key);
          underWay.add(message.key);
          await new Promise((resolve) => setImmediate(resolve));
          seen.set(message.key, [...(seen.get(message.key) ?? []), Number(textOf(message))]);
          underWay.delete(message.key);
        },
      });
      for (let batch = 0; batch < 10; batch += 1) {
        await bus.publish(
          numbers(30).map((i) =>
            textMessage(topic, `key-${Number(i) % 3}`, `${batch * 30 + Number(i)}`),
          ),
        );
      }
      await eventually(() => [...seen.values()].flat().length === 300);
      const inOrder = (remainder: number) =>
        Array.from({ length: 100 }, (_, index) => index * 3 + remainder);
      expect(overlapped).toBe(false);
      expect(seen).toEqual(
        new Map([
          ['key-0', inOrder(0)],
          ['key-1', inOrder(1)],
          ['key-2', inOrder(2)],
        ]),
      );
    });

    it('has different keys under way at once, up to the concurrency and not beyond', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const handler = createGatedHandler();
      const subscription = await bus.subscribe({
        group: newGroup(),
        topic,
        concurrency: 3,
        onMessage: handler.onMessage,
      });
      await bus.publish(numbers(5).map((text) => textMessage(topic, `key-${text}`, text)));
      await eventually(() => handler.started.length === 3);
      await settle();
      expect(handler.started).toEqual(['0', '1', '2']);
      expect(subscription.inFlight()).toBe(3);
      handler.finish('1');
      await eventually(() => handler.started.length === 4);
      await settle();
      expect(handler.started).toEqual(['0', '1', '2', '3']);
      handler.finish(...numbers(5));
      await eventually(() => handler.started.length === 5 && subscription.inFlight() === 0);
    });

    it('passes by a busy key that has many messages waiting', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const handler = createGatedHandler();
      await bus.subscribe({
        group: newGroup(),
        topic,
        concurrency: 2,
        onMessage: handler.onMessage,
      });
      await bus.publish([
        ...numbers(15).map((text) => textMessage(topic, 'busy', text)),
        textMessage(topic, 'other', 'passes'),
      ]);
      await eventually(() => handler.started.length === 2);
      expect(handler.started).toEqual(['0', 'passes']);
    });

    it('delivers every message to each group, from the oldest for a new group', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const seen: Record<string, string[]> = { early: [], late: [] };
      const subscribe = (name: string) =>
        bus.subscribe({
          group: `${name}-${newGroup()}`,
          topic,
          concurrency: 1,
          onMessage: (message) => {
            seen[name]?.push(textOf(message));
            return Promise.resolve();
          },
        });
      await subscribe('early');
      await bus.publish([textMessage(topic, 'k', 'one'), textMessage(topic, 'k', 'two')]);
      await eventually(() => seen['early']?.length === 2);
      await subscribe('late');
      await bus.publish([textMessage(topic, 'k', 'three')]);
      await eventually(() => seen['early']?.length === 3 && seen['late']?.length === 3);
      expect(seen).toEqual({ early: ['one', 'two', 'three'], late: ['one', 'two', 'three'] });
    });

    it('delivers only the messages of the topic subscribed to', async () => {
      const { bus, createTopic } = harness();
      const [topic, other] = [await createTopic(), await createTopic()];
      const handler = createGatedHandler();
      await bus.subscribe({
        group: newGroup(),
        topic,
        concurrency: 4,
        onMessage: handler.onMessage,
      });
      await bus.publish([textMessage(other, 'a', 'not mine'), textMessage(topic, 'b', 'mine')]);
      await eventually(() => handler.started.length === 1);
      await settle();
      expect(handler.started).toEqual(['mine']);
    });

    it('delivers nothing new while paused, lets what is under way end, and goes on after', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const handler = createGatedHandler();
      const subscription = await bus.subscribe({
        group: newGroup(),
        topic,
        concurrency: 1,
        onMessage: handler.onMessage,
      });
      await bus.publish([textMessage(topic, 'a', 'first'), textMessage(topic, 'b', 'second')]);
      await eventually(() => handler.started.length === 1);
      subscription.pause();
      handler.finish('first', 'second', 'third');
      await eventually(() => subscription.inFlight() === 0);
      await bus.publish([textMessage(topic, 'c', 'third')]);
      await settle();
      expect(handler.started).toEqual(['first']);
      subscription.resume();
      await eventually(() => handler.started.length === 3);
      expect(handler.started).toEqual(['first', 'second', 'third']);
    });

    it('counts as lag what is published and not committed', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const handler = createGatedHandler();
      const subscription = await bus.subscribe({
        group: newGroup(),
        topic,
        concurrency: 2,
        onMessage: handler.onMessage,
      });
      expect(await subscription.lag()).toBe(0);
      await bus.publish(numbers(5).map((text) => textMessage(topic, text, text)));
      await eventually(() => handler.started.length === 2);
      expect(await subscription.lag()).toBe(5);
      handler.finish('0');
      await eventually(async () => (await subscription.lag()) === 4);
      handler.finish(...numbers(5));
      await eventually(async () => (await subscription.lag()) === 0);
    });

    it('carries 5,000 messages without losing or repeating one', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const seen: string[] = [];
      const subscription = await bus.subscribe({
        group: newGroup(),
        topic,
        concurrency: 32,
        onMessage: async (message) => {
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(textOf(message));
        },
      });
      for (let batch = 0; batch < 50; batch += 1) {
        await bus.publish(
          numbers(100).map((i) => textMessage(topic, `key-${i}`, `${batch * 100 + Number(i)}`)),
        );
      }
      await eventually(async () => (await subscription.lag()) === 0);
      expect(seen.length).toBe(5_000);
      expect(new Set(seen).size).toBe(5_000);
    });

    it('takes what a handler publishes', async () => {
      const { bus, createTopic } = harness();
      const [first, second] = [await createTopic(), await createTopic()];
      const handler = createGatedHandler();
      const group = newGroup();
      await bus.subscribe({
        group,
        topic: first,
        concurrency: 1,
        onMessage: (message) => bus.publish([textMessage(second, 'k', `after ${textOf(message)}`)]),
      });
      await bus.subscribe({ group, topic: second, concurrency: 1, onMessage: handler.onMessage });
      await bus.publish([textMessage(first, 'k', 'one')]);
      await eventually(() => handler.started.length === 1);
      expect(handler.started).toEqual(['after one']);
    });

    it('refuses a second subscription of one group to one topic until the first is stopped', async () => {
      const { bus, createTopic } = harness();
      const options = {
        group: newGroup(),
        topic: await createTopic(),
        concurrency: 1,
        onMessage: () => Promise.resolve(),
      };
      const first = await bus.subscribe(options);
      await expect(bus.subscribe(options)).rejects.toMatchObject({ code: 'subscription_exists' });
      await first.stop();
      await expect(bus.subscribe(options)).resolves.toBeDefined();
    });

    it('refuses a subscription without a usable concurrency', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const onMessage = () => Promise.resolve();
      for (const concurrency of [0, 1.5, Number.NaN]) {
        await expect(
          bus.subscribe({ group: newGroup(), topic, concurrency, onMessage }),
        ).rejects.toMatchObject({ code: 'subscription_invalid' });
      }
    });
  });
}
