import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { documentIngested } from '@berkas/contracts';
import { BusError } from './bus-error.ts';
import { publishEvents } from './event-encoding.ts';
import {
  away,
  createConsumerFixture,
  documentIdOf,
  ingested,
  uploaded,
} from './testing/consumer-fixture.ts';
import { collectEvents, eventually } from './testing/index.ts';

let fixture: ReturnType<typeof createConsumerFixture>;
beforeEach(() => {
  fixture = createConsumerFixture();
});
afterEach(() => fixture.dispose());

describe('stopping a consumer', () => {
  it('gives back an event that waits to be tried again; it is handled after the next start', async () => {
    let healthy = false;
    let calls = 0;
    const consumer = await fixture.consume(
      (event) => {
        calls += 1;
        return healthy ? Promise.resolve([ingested(event.data)]) : Promise.reject(away());
      },
      { retry: { attempts: 3, initialMs: 60_000, maximumMs: 60_000 }, random: () => 1 },
    );
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(() => calls === 1);
    await consumer.stop();
    expect(calls).toBe(1);
    expect(await fixture.uncommitted()).toBe(1);
    healthy = true;
    await consumer.start();
    await eventually(async () => (await fixture.results()).length === 1);
    expect(await fixture.letters()).toEqual([]);
  });

  it('aborts a handler and gives its event back, whatever it then throws', async () => {
    let started = false;
    const consumer = await fixture.consume(async (_event, { signal }) => {
      started = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new TypeError('terminated');
    });
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(() => started);
    await consumer.stop();
    expect(await fixture.uncommitted()).toBe(1);
    expect(await fixture.letters()).toEqual([]);
  });

  it('publishes and commits what a handler still finishes', async () => {
    let started = false;
    const consumer = await fixture.consume(async (event, { signal }) => {
      started = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return [ingested(event.data)];
    });
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(() => started);
    await consumer.stop();
    expect(await fixture.results()).toEqual([[documentIdOf(1), 'ingested']]);
    expect(await fixture.uncommitted()).toBe(0);
  });

  it('gives back an event whose outputs are durable but not committed; the same events come again', async () => {
    let published = false;
    const consumer = await fixture.consume((event) => Promise.resolve([ingested(event.data)]), {
      // As if the process died after the outputs were written: the answer never arrives.
      bus: fixture.withPublish(async (messages) => {
        await fixture.bus.publish(messages);
        published = true;
        throw new BusError('bus_unavailable', 'the answer was lost');
      }),
      retry: { initialMs: 60_000, maximumMs: 60_000 },
      random: () => 1,
    });
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(() => published);
    await consumer.stop();
    expect(await fixture.letters()).toEqual([]);
    expect(await fixture.uncommitted()).toBe(1);
    await fixture.consume((event) => Promise.resolve([ingested(event.data)]));
    await eventually(async () => (await fixture.results()).length === 2);
    const [first, second] = await collectEvents(fixture.bus, documentIngested);
    expect(second).toEqual(first);
  });

  it('is safe to repeat, as is starting', async () => {
    const consumer = await fixture.consume(() => Promise.resolve([]));
    await Promise.all([consumer.start(), consumer.start()]);
    expect(consumer.health()).toEqual({ status: 'ok', detail: 'reading, 0 under way' });
    await Promise.all([consumer.stop(), consumer.stop()]);
    expect(consumer.health()).toEqual({ status: 'failed', detail: 'not started' });
  });
});

describe('pausing a consumer', () => {
  it('takes nothing new until it is resumed, also from before the start', async () => {
    let handled = 0;
    const consumer = await fixture.consume(() => Promise.resolve((handled += 1) > 0 ? [] : []));
    await consumer.stop();
    consumer.pause();
    await consumer.start();
    await publishEvents(fixture.bus, [uploaded(1)]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(handled).toBe(0);
    expect(consumer.health()).toEqual({ status: 'ok', detail: 'paused, 0 under way' });
    consumer.resume();
    await eventually(() => handled === 1);
  });
});

describe('createConsumer', () => {
  it('refuses a number of attempts that is none', () => {
    for (const attempts of [0, -1, 1.5, Number.NaN]) {
      expect(() => fixture.create(() => Promise.resolve([]), { retry: { attempts } })).toThrow(
        expect.objectContaining({ code: 'retry_invalid' }),
      );
    }
  });

  it('does not start for a group that another consumer of the bus has', async () => {
    await fixture.consume(() => Promise.resolve([]));
    await expect(fixture.consume(() => Promise.resolve([]))).rejects.toMatchObject({
      code: 'subscription_exists',
    });
  });
});
