import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventBus } from '../event-bus.ts';
import { createGatedHandler, newGroup, textMessage, textOf } from '../testing/contract/harness.ts';
import { collectMessages, eventually } from '../testing/index.ts';
import { createCuttableNetwork } from '../testing/kafka/cuttable-network.ts';
import {
  createKafkaFixture,
  serverAddress,
  type KafkaFixture,
} from '../testing/kafka/kafka-fixture.ts';
import { createFaultyProxy, type FaultyProxy } from '../testing/kafka/toxiproxy.ts';

const brokers = serverAddress(process.env, 'KAFKA_BROKERS');
const toxiproxy = serverAddress(process.env, 'TOXIPROXY_URL');
const unavailable = { code: 'bus_unavailable', retryable: true };

let fixture: KafkaFixture;
/** In front of the first broker, for the bus under test; the other one goes straight to it. */
let proxy: FaultyProxy;
let bus: EventBus;
let straight: EventBus;
let topic: string;
beforeEach(async () => {
  fixture = createKafkaFixture(brokers);
  const [broker = ''] = brokers.split(',');
  proxy = await createFaultyProxy(toxiproxy, broker);
  const behind = Number(broker.split(':').at(-1));
  const { openSocket } = createCuttableNetwork((asked) => (asked === behind ? proxy.port : asked));
  bus = fixture.open({ openSocket, requestTimeoutMs: 1_500 });
  straight = fixture.open();
  topic = await fixture.createTopic();
});
afterEach(async () => {
  await proxy.mend();
  await fixture.dispose();
  await proxy.remove();
});

const texts = async (): Promise<string[]> => (await collectMessages(straight, topic)).map(textOf);

describe('a slow connection', () => {
  it('only makes publishing and delivering slow', async () => {
    await proxy.delay(300);
    const handler = createGatedHandler();
    handler.finish('one', 'two', 'three');
    const subscription = await bus.subscribe({
      group: newGroup(),
      topic,
      concurrency: 2,
      onMessage: handler.onMessage,
    });
    await bus.publish(['one', 'two', 'three'].map((text) => textMessage(topic, 'k', text)));
    await eventually(async () => (await subscription.lag()) === 0 && handler.started.length > 2);
    expect(handler.started).toEqual(['one', 'two', 'three']);
    expect(subscription.health().status).toBe('ok');
  });
});

describe('a connection that is cut', () => {
  it('fails publishing in a way that may be tried again, which then succeeds', async () => {
    await bus.publish([textMessage(topic, 'k', 'before')]);
    await proxy.cut();
    await expect(bus.publish([textMessage(topic, 'k', 'during')])).rejects.toMatchObject(
      unavailable,
    );
    await proxy.mend();
    await bus.publish([textMessage(topic, 'k', 'after')]);
    expect(await texts()).toEqual(['before', 'after']);
  });

  it('is said by health, and ends with everything delivered and committed', async () => {
    const handler = createGatedHandler();
    handler.finish('before', 'during');
    const subscription = await bus.subscribe({
      group: newGroup(),
      topic,
      concurrency: 2,
      onMessage: handler.onMessage,
    });
    await straight.publish([textMessage(topic, 'k', 'before')]);
    await eventually(async () => (await subscription.lag()) === 0 && handler.started.length > 0);
    await proxy.cut();
    await eventually(() => subscription.health().status === 'failed');
    await straight.publish([textMessage(topic, 'k', 'during')]);
    await proxy.mend();
    await eventually(() => handler.started.length === 2 && subscription.health().status === 'ok');
    await eventually(async () => (await subscription.lag()) === 0);
    expect(handler.started).toEqual(['before', 'during']);
  });
});

describe('answers that are lost', () => {
  it('fail publishing, and no later message is taken for the one without an answer', async () => {
    await bus.publish([textMessage(topic, 'k', 'before')]);
    await proxy.hang();
    await expect(bus.publish([textMessage(topic, 'k', 'unanswered')])).rejects.toMatchObject(
      unavailable,
    );
    await proxy.mend();
    for (const text of ['after', 'later']) await bus.publish([textMessage(topic, 'k', text)]);
    // The server did append the unanswered one; once, however often it was sent.
    expect(await texts()).toEqual(['before', 'unanswered', 'after', 'later']);
  });
});

describe('a server that hangs', () => {
  it('is said by health, and read from and committed to again when it answers', async () => {
    const handler = createGatedHandler();
    const subscription = await bus.subscribe({
      group: newGroup(),
      topic,
      concurrency: 2,
      onMessage: handler.onMessage,
    });
    await straight.publish([textMessage(topic, 'a', 'one')]);
    await eventually(() => handler.started.length === 1);
    await proxy.hang();
    handler.finish('one', 'two');
    await straight.publish([textMessage(topic, 'b', 'two')]);
    await eventually(() => subscription.health().status === 'failed');
    await proxy.mend();
    await eventually(
      () => subscription.health().status === 'ok' && handler.started.includes('two'),
    );
    await eventually(async () => (await subscription.lag()) === 0);
    expect([...new Set(handler.started)]).toEqual(['one', 'two']);
  });
});

describe('what is asked of Kafka and not there', () => {
  it('fails one call for a topic that does not exist, and not those made along with it', async () => {
    const missing = textMessage('test.no-such-topic', 'k', 'lost');
    const outcomes = await Promise.allSettled([
      straight.publish([textMessage(topic, 'k', 'one')]),
      straight.publish([missing]),
      straight.publish([textMessage(topic, 'k', 'two')]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: unavailable });
    expect(await texts()).toEqual(['one', 'two']);
  });

  it('rejects a subscription to a topic that does not exist, and the group may try again', async () => {
    const subscribe = () =>
      straight.subscribe({
        group: 'g',
        topic: 'test.no-such-topic',
        concurrency: 1,
        onMessage: () => Promise.resolve(),
      });
    await expect(subscribe()).rejects.toMatchObject(unavailable);
    await expect(subscribe()).rejects.toMatchObject(unavailable);
  });

  it('rejects when no server can be reached', async () => {
    const lost = fixture.open({ brokers: ['127.0.0.1:9'] });
    await expect(lost.publish([textMessage(topic, 'k', 'x')])).rejects.toMatchObject(unavailable);
    await expect(collectMessages(lost, topic)).rejects.toMatchObject(unavailable);
  });
});
