import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveredMessage, EventBus } from '../event-bus.ts';
import { createGatedHandler, newGroup, textMessage, textOf } from '../testing/contract/harness.ts';
import { collectMessages, eventually } from '../testing/index.ts';
import { createCuttableNetwork } from '../testing/kafka/cuttable-network.ts';
import {
  createKafkaFixture,
  serverAddress,
  type KafkaFixture,
} from '../testing/kafka/kafka-fixture.ts';

const brokers = serverAddress(process.env, 'KAFKA_BROKERS');
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

let fixture: KafkaFixture;
beforeEach(() => {
  fixture = createKafkaFixture(brokers);
});
afterEach(() => fixture.dispose());

/** One key for each of the first partitions, found by publishing. */
async function keysByPartition(bus: EventBus, topic: string, count: number): Promise<string[]> {
  await bus.publish(numbers(50).map((number) => textMessage(topic, `key-${number}`, 'probe')));
  const keys = new Map<number, string>();
  for (const { partition, key } of await collectMessages(bus, topic)) keys.set(partition, key);
  return numbers(count).map((partition) => keys.get(partition) ?? 'none');
}

describe('a topic with three partitions', () => {
  it('keeps the order of each key, and uses every partition', async () => {
    const topic = await fixture.createTopic(3);
    const bus = fixture.open();
    const seen = new Map<string, number[]>();
    const partitions = new Set<number>();
    await bus.subscribe({
      group: newGroup(),
      topic,
      concurrency: 16,
      onMessage: async (message) => {
        await sleep(Number(textOf(message)) % 3);
        partitions.add(message.partition);
        seen.set(message.key, [...(seen.get(message.key) ?? []), Number(textOf(message))]);
      },
    });
    for (const batch of numbers(10)) {
      await bus.publish(
        numbers(60).map((number) =>
          textMessage(topic, `key-${number % 10}`, `${batch * 60 + number}`),
        ),
      );
    }
    await eventually(() => [...seen.values()].flat().length === 600);
    for (const [key, order] of seen) {
      expect([key, order]).toEqual([key, [...order].sort((left, right) => left - right)]);
    }
    expect([...partitions].sort()).toEqual([0, 1, 2]);
  });

  it('is replayed as one stream by time, in the order of each key', async () => {
    const topic = await fixture.createTopic(3);
    const bus = fixture.open();
    for (const batch of numbers(20)) {
      await bus.publish(
        numbers(60).map((number) =>
          textMessage(topic, `key-${number % 10}`, `${batch * 60 + number}`),
        ),
      );
    }
    const messages = await collectMessages(bus, topic);
    expect(messages.length).toBe(1_200);
    const times = messages.map(({ timestampMs }) => timestampMs);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    const ofOneKey = messages
      .filter(({ key }) => key === 'key-3')
      .map((message) => Number(textOf(message)));
    expect(ofOneKey).toEqual(numbers(120).map((index) => index * 10 + 3));
  });
});

describe('a member that joins while others handle', () => {
  it('takes over what it is assigned; what stays with the first runs on and comes only once', async () => {
    const topic = await fixture.createTopic(2);
    const [first, second] = [fixture.open(), fixture.open()];
    const keys = await keysByPartition(first, topic, 2);
    const group = newGroup();
    const handlers = [createGatedHandler(), createGatedHandler()] as const;
    const subscribe = (bus: EventBus, handler: (typeof handlers)[number]) =>
      bus.subscribe({ group, topic, concurrency: 10, onMessage: handler.onMessage });
    for (const handler of handlers) handler.finish('probe');
    const subscription = await subscribe(first, handlers[0]);
    await eventually(async () => (await subscription.lag()) === 0);
    await first.publish(keys.map((key, partition) => textMessage(topic, key, `on ${partition}`)));
    await eventually(
      () => handlers[0].started.includes('on 0') && handlers[0].started.includes('on 1'),
    );
    await subscribe(second, handlers[1]);
    await eventually(() => handlers[1].started.length === 1 && subscription.inFlight() === 1);
    for (const handler of handlers) handler.finish('on 0', 'on 1');
    await eventually(async () => (await subscription.lag()) === 0);
    const moved = handlers[1].started;
    expect([['on 0'], ['on 1']]).toContainEqual(moved);
    expect(handlers[0].started.filter((text) => text !== 'probe').sort()).toEqual(['on 0', 'on 1']);
    expect(subscription.health().status).toBe('ok');
  });

  it('loses nothing of a stream, repeats only what was in between, and keeps each key in order', async () => {
    const topic = await fixture.createTopic(3);
    const [first, second] = [fixture.open(), fixture.open()];
    const group = newGroup();
    const handled: string[] = [];
    const byMember = [0, 0];
    const subscribe = (bus: EventBus, member: 0 | 1) =>
      bus.subscribe({
        group,
        topic,
        concurrency: 4,
        onMessage: async (message: DeliveredMessage, signal: AbortSignal) => {
          await sleep(10);
          if (signal.aborted) throw new Error('given back');
          handled.push(textOf(message));
          byMember[member] = (byMember[member] ?? 0) + 1;
        },
      });
    await first.publish(
      numbers(900).map((number) => textMessage(topic, `key-${number % 30}`, `${number}`)),
    );
    const subscription = await subscribe(first, 0);
    await eventually(() => handled.length > 100);
    const other = await subscribe(second, 1);
    await eventually(() => (byMember[1] ?? 0) > 50);
    await other.stop();
    await eventually(async () => (await subscription.lag()) === 0);
    const once = [...new Set(handled)];
    expect(once.length).toBe(900);
    // What four handlers finish between two commits, at both changes, with much to spare.
    expect(handled.length - once.length).toBeLessThan(200);
    for (const key of numbers(30)) {
      const order = once.map(Number).filter((number) => number % 30 === key);
      expect(order).toEqual([...order].sort((left, right) => left - right));
    }
  });
});

describe('a member that is lost', () => {
  it('leaves its unfinished messages to the others once the group takes it for dead', async () => {
    const topic = await fixture.createTopic(1);
    const network = createCuttableNetwork();
    const [first, second] = [fixture.open({ openSocket: network.openSocket }), fixture.open()];
    const group = newGroup();
    const [before, after] = [createGatedHandler(), createGatedHandler()];
    const subscribe = (bus: EventBus, handler: typeof before) =>
      bus.subscribe({ group, topic, concurrency: 10, onMessage: handler.onMessage });
    const subscription = await subscribe(first, before);
    before.finish('one');
    await second.publish([textMessage(topic, 'a', 'one'), textMessage(topic, 'b', 'two')]);
    await eventually(async () => (await subscription.lag()) === 1);
    network.cut();
    await subscribe(second, after);
    await eventually(() => after.started.length === 1);
    expect(after.started).toEqual(['two']);
    await eventually(() => subscription.health().status === 'failed');
  });

  it('begins anew from what is committed when it comes back after that', async () => {
    const topic = await fixture.createTopic(1);
    const network = createCuttableNetwork();
    const [first, second] = [fixture.open({ openSocket: network.openSocket }), fixture.open()];
    const group = newGroup();
    const handler = createGatedHandler();
    const subscription = await first.subscribe({
      group,
      topic,
      concurrency: 10,
      onMessage: handler.onMessage,
    });
    await second.publish([textMessage(topic, 'a', 'one')]);
    await eventually(() => handler.started.length === 1);
    network.cut();
    await sleep(8_000);
    network.mend();
    await eventually(() => handler.started.length === 2);
    handler.finish('one');
    await eventually(async () => (await subscription.lag()) === 0);
    expect(handler.started).toEqual(['one', 'one']);
    expect(subscription.health().status).toBe('ok');
  });
});

describe('a handler that takes longer than the session timeout', () => {
  it('keeps its message: the member stays in the group and nothing is delivered twice', async () => {
    const topic = await fixture.createTopic(1);
    const bus = fixture.open({ sessionTimeoutMs: 6_000 });
    const started: string[] = [];
    let aborted = false;
    const subscription = await bus.subscribe({
      group: newGroup(),
      topic,
      concurrency: 1,
      onMessage: async (message, signal) => {
        started.push(textOf(message));
        if (textOf(message) === 'long') await sleep(9_000);
        aborted ||= signal.aborted;
      },
    });
    await bus.publish([textMessage(topic, 'a', 'long'), textMessage(topic, 'b', 'after')]);
    await eventually(async () => (await subscription.lag()) === 0 && started.length > 1);
    expect(started).toEqual(['long', 'after']);
    expect(aborted).toBe(false);
    expect(subscription.health().status).toBe('ok');
  });
});
