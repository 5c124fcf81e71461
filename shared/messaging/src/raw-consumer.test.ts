import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, systemClock } from '@berkas/service-kit';
import type { Consumer } from './consumer.ts';
import { createRawConsumer, type RawConsumerOptions } from './raw-consumer.ts';
import { away } from './testing/consumer-fixture.ts';
import { eventually } from './testing/eventually.ts';
import { createSwitchedFlow } from './testing/switched-flow.ts';
import { createTemporaryEventBus, type TemporaryEventBus } from './testing/temporary-event-bus.ts';

const TOPIC = 'dead-letter.ingest';

describe('a raw consumer', () => {
  let bus: TemporaryEventBus;
  let consumers: Consumer[];
  beforeEach(() => {
    bus = createTemporaryEventBus();
    consumers = [];
  });
  afterEach(async () => {
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await bus.dispose();
  });

  const publish = (...keys: string[]): Promise<void> =>
    bus.publish(
      keys.map((key) => ({ topic: TOPIC, key, headers: {}, value: new Uint8Array([0xff]) })),
    );
  const consume = async (
    handle: RawConsumerOptions['handle'],
    options: Partial<RawConsumerOptions> = {},
  ): Promise<Consumer> => {
    const consumer = createRawConsumer({
      bus,
      group: 'status',
      topic: TOPIC,
      concurrency: 4,
      logger: createLogger({ level: 'silent' }),
      clock: systemClock,
      retry: { attempts: 1, patienceMs: 0, outagePatienceMs: 0, initialMs: 1, maximumMs: 1 },
      handle,
      ...options,
    });
    consumers.push(consumer);
    await consumer.start();
    return consumer;
  };

  it('takes what is no event, and never takes it again once it is handled', async () => {
    await publish('a', 'b');
    const first: string[] = [];
    const consumer = await consume(({ key }) => Promise.resolve(void first.push(key)));
    await eventually(() => first.length === 2);
    expect(consumer.health()).toEqual({ status: 'ok', detail: 'reading, 0 under way' });
    await consumer.stop();
    const second: string[] = [];
    await consume(({ key }) => Promise.resolve(void second.push(key)));
    await publish('c');
    await eventually(() => second.length > 0);
    expect(second).toEqual(['c']);
  });

  it.each([
    ['in a way that may pass', away()],
    ['through a bug', new TypeError('a bug')],
  ])('never gives up what fails %s, and says so until it is handled', async (_case, error) => {
    await publish('a');
    let fails = true;
    let tries = 0;
    const consumer = await consume(() => {
      tries += 1;
      return fails ? Promise.reject(error) : Promise.resolve();
    });
    await eventually(() => tries > 5);
    expect(consumer.health()).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/^cannot handle: (away|internal_error)$/),
    });
    fails = false;
    await eventually(() => consumer.health().status === 'ok');
    await consumer.stop();
    const again: string[] = [];
    await consume(({ key }) => Promise.resolve(void again.push(key)));
    await publish('b');
    await eventually(() => again.length > 0);
    expect(again).toEqual(['b']);
  });

  it('gives back what a stop finds unhandled', async () => {
    await publish('a');
    let tries = 0;
    const consumer = await consume(() => {
      tries += 1;
      return Promise.reject(away());
    });
    await eventually(() => tries > 1);
    await consumer.stop();
    expect(consumer.health()).toEqual({ status: 'failed', detail: 'not started' });
    const keys: string[] = [];
    await consume(({ key }) => Promise.resolve(void keys.push(key)));
    await eventually(() => keys.length > 0);
    expect(keys).toEqual(['a']);
  });

  it('waits while what it needs is away, and is not held to have failed', async () => {
    await publish('a');
    const flow = createSwitchedFlow();
    let isAway = true;
    let handled = 0;
    const consumer = await consume(
      () => {
        if (!isAway) return Promise.resolve(void (handled += 1));
        flow.block();
        return Promise.reject(away());
      },
      { flow },
    );
    await eventually(() => flow.blockedBy().length > 0);
    const detail = 'paused while Elasticsearch is away, 1 under way';
    expect(consumer.health()).toEqual({ status: 'ok', detail });
    isAway = false;
    flow.unblock();
    await eventually(() => handled === 1);
  });
});
