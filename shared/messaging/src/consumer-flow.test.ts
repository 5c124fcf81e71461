import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFlow, createLogger } from '@berkas/service-kit';
import { publishEvents } from './event-encoding.ts';
import {
  away,
  createConsumerFixture,
  documentIdOf,
  ingested,
  rejected,
  uploaded,
} from './testing/consumer-fixture.ts';
import { eventually } from './testing/index.ts';
import {
  createQuickBreaker,
  createSwitchedFlow,
  type SwitchedFlow,
} from './testing/switched-flow.ts';

const HOUR_MS = 3_600_000;

let fixture: ReturnType<typeof createConsumerFixture>;
let flow: SwitchedFlow;
beforeEach(() => {
  fixture = createConsumerFixture();
  flow = createSwitchedFlow();
});
afterEach(() => fixture.dispose());

/** Publishes an upload; resolves when a consumer that waits for nothing has handled it. */
async function publishAndLetPass(number: number): Promise<void> {
  let passed = false;
  const other = await fixture.consume(
    (event) => {
      if (event.data.documentId === documentIdOf(number)) passed = true;
      return Promise.resolve([]);
    },
    { group: `other-${number}` },
  );
  await publishEvents(fixture.bus, [uploaded(number)]);
  await eventually(() => passed);
  await other.stop();
}

describe('a consumer of which a dependency is away', () => {
  it('takes nothing new until it is tried again, and says what it waits for', async () => {
    let handled = 0;
    const consumer = await fixture.consume(() => Promise.resolve((handled += 1) > 0 ? [] : []), {
      flow,
    });
    await publishAndLetPass(1);
    await eventually(() => handled === 1);
    flow.block();
    await publishAndLetPass(2);
    expect(handled).toBe(1);
    expect(consumer.health()).toEqual({
      status: 'ok',
      detail: 'paused while Elasticsearch is away, 0 under way',
    });
    flow.unblock();
    await eventually(() => handled === 2);
    expect(consumer.health().detail).toBe('reading, 0 under way');
  });

  it('takes nothing either when it was away before the start', async () => {
    let handled = 0;
    flow.block();
    await fixture.consume(() => Promise.resolve((handled += 1) > 0 ? [] : []), { flow });
    await publishAndLetPass(1);
    expect(handled).toBe(0);
    flow.unblock();
    await eventually(() => handled === 1);
  });

  it('takes something only when neither that nor its user holds it up', async () => {
    let handled = 0;
    const consumer = await fixture.consume(() => Promise.resolve((handled += 1) > 0 ? [] : []), {
      flow,
    });
    consumer.pause();
    flow.block();
    flow.unblock();
    await publishAndLetPass(1);
    expect(handled).toBe(0);
    flow.block();
    consumer.resume();
    await publishAndLetPass(2);
    expect(handled).toBe(0);
    flow.unblock();
    await eventually(() => handled === 2);
  });

  it('still publishes what it has done, also when the bus refuses it at first', async () => {
    let refused = 0;
    await fixture.consume(
      (event) => {
        flow.block();
        return Promise.resolve([ingested(event.data)]);
      },
      {
        flow,
        bus: fixture.withPublish((messages) => {
          refused += 1;
          return refused === 1 ? Promise.reject(away()) : fixture.bus.publish(messages);
        }),
      },
    );
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.results()).length === 1);
    expect(flow.blockedBy()).toEqual(['Elasticsearch']);
  });

  it('gives what waits back when it stops, and listens no longer', async () => {
    let calls = 0;
    const consumer = await fixture.consume(
      () => {
        calls += 1;
        flow.block();
        return Promise.reject(away());
      },
      { flow },
    );
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(() => calls === 1);
    expect(consumer.health().detail).toBe('paused while Elasticsearch is away, 1 under way');
    await consumer.stop();
    expect(calls).toBe(1);
    expect(await fixture.uncommitted()).toBe(1);
    expect(await fixture.letters()).toEqual([]);
    expect(flow.listeners()).toBe(0);
  });
});

describe('an outage of hours', () => {
  const retry = { attempts: 2, patienceMs: 60_000, initialMs: 1, maximumMs: 1 };

  it('costs no event: each is tried as often afterwards as if there had been none', async () => {
    let nowMs = 0;
    const attempts: number[] = [];
    await fixture.consume(
      (event, { attempt }) => {
        attempts.push(attempt);
        if (attempts.length > 20) return Promise.resolve([ingested(event.data)]);
        flow.block();
        setImmediate(() => {
          nowMs += HOUR_MS;
          flow.unblock();
        });
        return Promise.reject(away());
      },
      { flow, retry, clock: { now: () => new Date(nowMs) } },
    );
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.results()).length === 1);
    expect(new Set(attempts)).toEqual(new Set([1]));
    expect(await fixture.letters()).toEqual([]);
  });

  it('is logged once for each event that waits', async () => {
    const lines: string[] = [];
    let calls = 0;
    await fixture.consume(
      (event) => {
        calls += 1;
        if (calls > 5) return Promise.resolve([ingested(event.data)]);
        flow.block();
        setImmediate(() => flow.unblock());
        return Promise.reject(away());
      },
      {
        flow,
        retry,
        logger: createLogger({ level: 'warn', destination: { write: (line) => lines.push(line) } }),
      },
    );
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.results()).length === 1);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        msg: 'waiting',
        waitingFor: ['Elasticsearch'],
        code: 'away',
        eventId: uploaded(1).event.id,
      },
    ]);
  });

  it('holds up no event that is bad in itself', async () => {
    await fixture.consume(
      () => {
        flow.block();
        throw new TypeError('a bug');
      },
      { flow, onGiveUp: (event) => [rejected(event.data)] },
    );
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.results()).length === 1);
    expect(await fixture.letters()).toEqual([
      { id: uploaded(1).event.id, code: 'internal_error', attempts: '1' },
    ]);
  });

  it('neither loses nor gives up any of many events behind a breaker', async () => {
    const breaker = createQuickBreaker();
    const attempts: number[] = [];
    let calls = 0;
    // What is called is away for 30 calls, each but the first two the only one of its half-open.
    const search = (): Promise<void> => {
      calls += 1;
      return calls > 30 ? Promise.resolve() : Promise.reject(away());
    };
    await fixture.consume(
      async (event, { attempt }) => {
        attempts.push(attempt);
        await breaker.run(search);
        return [ingested(event.data)];
      },
      {
        concurrency: 8,
        flow: createFlow([breaker]),
        retry: { attempts: 2, patienceMs: 0, initialMs: 1, maximumMs: 2 },
      },
    );
    const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
    await publishEvents(fixture.bus, numbers.map(uploaded));
    await eventually(async () => (await fixture.results()).length === 40);
    breaker.close();
    expect(await fixture.letters()).toEqual([]);
    expect(calls).toBe(30 + 40);
    expect(Math.max(...attempts)).toBeLessThanOrEqual(2);
  });
});
