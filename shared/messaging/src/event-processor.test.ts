import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { documentUploaded } from '@berkas/contracts';
import { BusError } from './bus-error.ts';
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

let fixture: ReturnType<typeof createConsumerFixture>;
beforeEach(() => {
  fixture = createConsumerFixture();
});
afterEach(() => fixture.dispose());

describe('a consumer', () => {
  it('hands the event to its handler, publishes what it answers and commits', async () => {
    const attempts: number[] = [];
    const consumer = await fixture.consume((event, { attempt }) => {
      attempts.push(attempt);
      return Promise.resolve([ingested(event.data)]);
    });
    await publishEvents(fixture.bus, [uploaded(1), uploaded(2)]);
    await eventually(async () => (await fixture.results()).length === 2);
    await consumer.stop();
    expect(attempts).toEqual([1, 1]);
    expect(await fixture.results()).toEqual([
      [documentIdOf(1), 'ingested'],
      [documentIdOf(2), 'ingested'],
    ]);
    expect(await fixture.uncommitted()).toBe(0);
    expect(await fixture.letters()).toEqual([]);
  });

  it('commits an event that leads to nothing', async () => {
    let handled = 0;
    const consumer = await fixture.consume(() => Promise.resolve((handled += 1) > 0 ? [] : []));
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(() => handled === 1);
    await consumer.stop();
    expect(await fixture.uncommitted()).toBe(0);
  });

  it('tries again after a retryable error', async () => {
    const attempts: number[] = [];
    await fixture.consume((event, { attempt }) => {
      attempts.push(attempt);
      return attempt < 3 ? Promise.reject(away()) : Promise.resolve([ingested(event.data)]);
    });
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.results()).length === 1);
    expect(attempts).toEqual([1, 2, 3]);
    expect(await fixture.letters()).toEqual([]);
  });

  it('gives up after its attempts: a dead letter, and the news on the stage’s own topic', async () => {
    let calls = 0;
    const consumer = await fixture.consume(
      () => {
        calls += 1;
        return Promise.reject(away());
      },
      { onGiveUp: (event) => [rejected(event.data)] },
    );
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.results()).length === 1);
    await consumer.stop();
    expect(calls).toBe(3);
    expect(await fixture.results()).toEqual([[documentIdOf(1), 'rejected']]);
    expect(await fixture.letters()).toEqual([
      { id: uploaded(1).event.id, code: 'away', attempts: '3' },
    ]);
    expect(await fixture.uncommitted()).toBe(0);
  });

  it('takes any other error for a bug: it is given up at once and the next event is handled', async () => {
    let calls = 0;
    await fixture.consume(
      (event) => {
        calls += 1;
        if (event.data.documentId === documentIdOf(1)) throw new TypeError('a bug');
        return Promise.resolve([ingested(event.data)]);
      },
      { onGiveUp: (event) => Promise.resolve([rejected(event.data)]) },
    );
    await publishEvents(fixture.bus, [uploaded(1), uploaded(2)]);
    await eventually(async () => (await fixture.results()).length === 2);
    expect(calls).toBe(2);
    expect(await fixture.letters()).toEqual([
      { id: uploaded(1).event.id, code: 'internal_error', attempts: '1' },
    ]);
  });

  it('gives up an event whose outputs are not events', async () => {
    await fixture.consume((event) =>
      Promise.resolve([
        { ...ingested(event.data), event: { ...ingested(event.data).event, id: '' } },
      ]),
    );
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.letters()).length === 1);
    expect(await fixture.results()).toEqual([]);
  });

  it('dead-letters a message that is no event, byte for byte, and goes on', async () => {
    await fixture.consume((event) => Promise.resolve([ingested(event.data)]));
    const { topic } = documentUploaded;
    const value = new Uint8Array([0, 255, 123]);
    await fixture.bus.publish([{ topic, key: 'k', headers: { ce_id: 'odd' }, value }]);
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.results()).length === 1);
    await eventually(async () => (await fixture.letters()).length === 1);
    expect(await fixture.letters()).toEqual([{ id: 'odd', code: 'event_invalid', attempts: '0' }]);
    const [letter] = await fixture.rawLetters();
    expect([letter?.key, letter?.value]).toEqual(['k', value]);
  });

  it('keeps the message and goes on when the news of giving up cannot be made', async () => {
    const consumer = await fixture.consume(
      (event) =>
        event.data.documentId === documentIdOf(1)
          ? Promise.reject(new TypeError('a bug'))
          : Promise.resolve([ingested(event.data)]),
      {
        onGiveUp: () => {
          throw new RangeError('a bug in giving up');
        },
      },
    );
    await publishEvents(fixture.bus, [uploaded(1), uploaded(2)]);
    await eventually(async () => (await fixture.letters()).length === 1);
    await eventually(async () => (await fixture.results()).length === 1);
    await consumer.stop();
    const [letter] = await fixture.rawLetters();
    expect(letter?.headers['dead-letter-unannounced']).toBe('internal_error');
    expect(await fixture.uncommitted()).toBe(0);
  });

  it('tries again when the news of giving up cannot be made just now', async () => {
    let calls = 0;
    await fixture.consume(() => Promise.reject(new TypeError('a bug')), {
      onGiveUp: (event) => {
        calls += 1;
        if (calls === 1) throw away();
        return [rejected(event.data)];
      },
    });
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.results()).length === 1);
    const [letter] = await fixture.rawLetters();
    expect(letter?.headers['dead-letter-unannounced']).toBeUndefined();
  });

  it('goes on trying to tell the others for longer than it tried the event', async () => {
    let calls = 0;
    await fixture.consume(() => Promise.reject(new TypeError('a bug')), {
      onGiveUp: (event) => {
        calls += 1;
        if (calls < 9) throw away();
        return [rejected(event.data)];
      },
    });
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.letters()).length === 1);
    const [letter] = await fixture.rawLetters();
    expect(letter?.headers['dead-letter-unannounced']).toBeUndefined();
    expect(await fixture.results()).toEqual([[documentIdOf(1), 'rejected']]);
  });

  it('does not give up before its patience is over, however often it tried', async () => {
    let nowMs = 0;
    const attempts: number[] = [];
    await fixture.consume(
      (_event, { attempt }) => {
        attempts.push(attempt);
        if (attempt === 9) nowMs = 60_000;
        return Promise.reject(away());
      },
      {
        clock: { now: () => new Date(nowMs) },
        retry: { attempts: 2, patienceMs: 60_000, initialMs: 1, maximumMs: 1 },
      },
    );
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.letters()).length === 1);
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('keeps the message when its news of giving up is refused for good', async () => {
    await fixture.consume(() => Promise.reject(new TypeError('a bug')), {
      onGiveUp: (event) => [{ ...rejected(event.data), topic: 'not a topic' }],
    });
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.letters()).length === 1);
    const [letter] = await fixture.rawLetters();
    expect(letter?.headers['dead-letter-unannounced']).toBe('message_invalid');
  });
});

describe('a consumer whose bus does not take its outputs', () => {
  it('goes on trying beyond its attempts, says so, and handles the event only once', async () => {
    let handled = 0;
    let failing = true;
    let refused = 0;
    const consumer = await fixture.consume(
      (event) => {
        handled += 1;
        return Promise.resolve([ingested(event.data)]);
      },
      {
        bus: fixture.withPublish((messages) => {
          if (!failing) return fixture.bus.publish(messages);
          refused += 1;
          return Promise.reject(new BusError('bus_unavailable', 'away'));
        }),
      },
    );
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(() => refused > 5);
    expect(consumer.health()).toEqual({
      status: 'failed',
      detail: 'cannot publish: bus_unavailable',
    });
    failing = false;
    await eventually(async () => (await fixture.results()).length === 1);
    await eventually(() => consumer.health().status === 'ok');
    expect(handled).toBe(1);
    expect(await fixture.letters()).toEqual([]);
  });

  it('gives the event up when they are refused for good', async () => {
    const tooLarge = new BusError('message_too_large', 'too large');
    await fixture.consume((event) => Promise.resolve([ingested(event.data)]), {
      bus: fixture.withPublish((messages) =>
        messages.some(({ topic }) => topic === 'dead-letter.ingest')
          ? fixture.bus.publish(messages)
          : Promise.reject(tooLarge),
      ),
      onGiveUp: (event) => [rejected(event.data)],
    });
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(async () => (await fixture.results()).length === 1);
    expect(await fixture.results()).toEqual([[documentIdOf(1), 'rejected']]);
    expect(await fixture.letters()).toMatchObject([{ code: 'message_too_large', attempts: '1' }]);
  });

  it('neither loses nor commits an event while not even its dead letter is taken', async () => {
    let refused = 0;
    const consumer = await fixture.consume(() => Promise.reject(new TypeError('a bug')), {
      bus: fixture.withPublish(() => {
        refused += 1;
        return Promise.reject(new BusError('bus_failed', 'broken'));
      }),
    });
    await publishEvents(fixture.bus, [uploaded(1)]);
    await eventually(() => refused > 5);
    expect(consumer.health().status).toBe('failed');
    await consumer.stop();
    expect(await fixture.uncommitted()).toBe(1);
  });
});
