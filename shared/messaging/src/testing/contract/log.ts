import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { DeliveredMessage, EventBus } from '../../event-bus.ts';
import { MAXIMUM_MESSAGE_BYTES } from '../../message-rules.ts';
import { collectMessages } from '../collect-events.ts';
import { eventually } from '../eventually.ts';
import { newGroup, textMessage, textOf, type ContractContext } from './harness.ts';

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, index) => index);

const textsSince = async (bus: EventBus, topic: string, from: Date): Promise<string[]> => {
  const texts: string[] = [];
  for await (const message of bus.replay(topic, from)) texts.push(textOf(message));
  return texts;
};

/** Publishing and replaying. */
export function logContract({ harness }: ContractContext): void {
  describe('keeping the log', () => {
    it('hands out keys, headers and bytes exactly as published, delivered or replayed', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const published = [
        {
          topic,
          key: 'berkas-ключ-鍵-🗝️',
          headers: { ce_id: 'é 🗂️', empty: '' },
          value: ALL_BYTES,
        },
        { topic, key: '', headers: {}, value: new Uint8Array() },
        { topic, key: 'zero\u0000inside', headers: { a: 'b' }, value: ALL_BYTES.subarray(3, 7) },
      ];
      await bus.publish(published);
      const delivered: DeliveredMessage[] = [];
      await bus.subscribe({
        group: newGroup(),
        topic,
        concurrency: 1,
        onMessage: (message) => {
          delivered.push(message);
          return Promise.resolve();
        },
      });
      await eventually(() => delivered.length === 3);
      const replayed = await collectMessages(bus, topic);
      for (const messages of [delivered, replayed]) {
        expect(
          messages.map(({ key, headers, value }) => ({ topic, key, headers, value: [...value] })),
        ).toEqual(published.map(({ value, ...rest }) => ({ ...rest, value: [...value] })));
      }
      expect(replayed).toEqual(delivered);
    });

    it('gives growing offsets and the time of publication', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const before = Date.now();
      await bus.publish(['a', 'b', 'c'].map((text) => textMessage(topic, 'k', text)));
      const messages = await collectMessages(bus, topic);
      const offsets = messages.map((message) => BigInt(message.offset));
      expect(offsets).toEqual([...offsets].sort((a, b) => (a < b ? -1 : 1)));
      expect(new Set(offsets).size).toBe(3);
      for (const { timestampMs } of messages) {
        expect(timestampMs).toBeGreaterThanOrEqual(before);
        expect(timestampMs).toBeLessThanOrEqual(Date.now());
      }
    });

    it('replays from a point in time, oldest first, without moving any group', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      await bus.publish([textMessage(topic, 'k', 'old')]);
      await sleep(20);
      const from = new Date();
      await sleep(20);
      await bus.publish([textMessage(topic, 'k', 'new'), textMessage(topic, 'k', 'newer')]);
      expect(await textsSince(bus, topic, from)).toEqual(['new', 'newer']);
      expect(await textsSince(bus, topic, new Date(0))).toEqual(['old', 'new', 'newer']);
      expect(await textsSince(bus, topic, new Date(Date.now() + 60_000))).toEqual([]);
    });

    it('ends a replay at what was published when it began', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      await bus.publish([textMessage(topic, 'k', 'one'), textMessage(topic, 'k', 'two')]);
      const texts: string[] = [];
      for await (const message of bus.replay(topic, new Date(0))) {
        texts.push(textOf(message));
        await bus.publish([textMessage(topic, 'k', 'more')]);
      }
      expect(texts).toEqual(['one', 'two']);
    });

    it('replays nothing from a topic without messages', async () => {
      const { bus, createTopic } = harness();
      expect(await collectMessages(bus, await createTopic())).toEqual([]);
    });

    it('replays more messages than are read in one go', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const texts = Array.from({ length: 1_200 }, (_, index) => String(index));
      await bus.publish(texts.map((text) => textMessage(topic, 'k', text)));
      expect(await textsSince(bus, topic, new Date(0))).toEqual(texts);
    });

    it('takes an empty list for nothing to do', async () => {
      const { bus } = harness();
      await expect(bus.publish([])).resolves.toBeUndefined();
    });

    it('publishes all of a call, in order, or none of it', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const good = ['one', 'two', 'three'].map((text) => textMessage(topic, 'k', text));
      const tooLarge = {
        ...textMessage(topic, 'k', ''),
        value: new Uint8Array(MAXIMUM_MESSAGE_BYTES + 1),
      };
      await expect(bus.publish([...good, tooLarge])).rejects.toMatchObject({
        code: 'message_too_large',
        retryable: false,
      });
      await expect(
        bus.publish([...good, textMessage('not a topic', 'k', 'x')]),
      ).rejects.toMatchObject({ code: 'message_invalid' });
      expect(await textsSince(bus, topic, new Date(0))).toEqual([]);
      await bus.publish(good);
      expect(await textsSince(bus, topic, new Date(0))).toEqual(['one', 'two', 'three']);
    });

    it('carries several messages of the largest size in one call', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const value = new Uint8Array(MAXIMUM_MESSAGE_BYTES - 1).fill(7);
      await bus.publish(['a', 'b', 'c'].map((key) => ({ topic, key, headers: {}, value })));
      const messages = await collectMessages(bus, topic);
      expect(messages.map(({ key, value: bytes }) => [key, bytes.byteLength])).toEqual(
        ['a', 'b', 'c'].map((key) => [key, value.byteLength]),
      );
    });

    it('keeps the order of calls that were not waited for', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const texts = Array.from({ length: 50 }, (_, index) => String(index));
      await Promise.all(texts.map((text) => bus.publish([textMessage(topic, 'k', text)])));
      expect(await textsSince(bus, topic, new Date(0))).toEqual(texts);
    });
  });
}
