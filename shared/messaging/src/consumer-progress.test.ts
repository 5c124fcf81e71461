import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEvent, evaluationRequested, REDRIVE_HEADERS } from '@berkas/contracts';
import { createLogger, systemClock } from '@berkas/service-kit';
import { BusError } from './bus-error.ts';
import { createConsumer } from './consumer.ts';
import { encodeEvent, publishEvents } from './event-encoding.ts';
import {
  away,
  createConsumerFixture,
  documentIdOf,
  ingested,
  uploaded,
} from './testing/consumer-fixture.ts';
import { eventually } from './testing/index.ts';

let fixture: ReturnType<typeof createConsumerFixture>;
beforeEach(() => {
  fixture = createConsumerFixture();
});
afterEach(() => fixture.dispose());

const evaluationId = 'eval_0123456789abcdef01234567';
const reference = { id: 'any', version: 'v1' };
const requested = createEvent(
  evaluationRequested,
  {
    evaluationId,
    cvId: documentIdOf(1),
    projectReportId: documentIdOf(2),
    knowledge: {
      ...{ job: reference, brief: reference },
      ...{ cv_rubric: reference, project_rubric: reference },
    },
  },
  { source: 'test', time: '2026-01-02T03:04:05.000Z' },
);

/** A door that work waits at until it is opened. */
function createDoor() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

describe('an event that is published again for one group', () => {
  it('is handled by that group, and passed by and committed by another', async () => {
    const handled: string[] = [];
    const handle = (group: string) => (event: { id: string }) => {
      handled.push(`${group} ${event.id}`);
      return Promise.resolve([]);
    };
    const own = await fixture.consume(handle('ingest'));
    const other = await fixture.consume(handle('status'), { group: 'status' });
    const message = encodeEvent(uploaded(1));
    const headers = { ...message.headers, [REDRIVE_HEADERS.group]: 'ingest' };
    await fixture.bus.publish([{ ...message, headers }]);
    await publishEvents(fixture.bus, [uploaded(2)]);
    await eventually(() => handled.length === 3);
    expect([...handled].sort()).toEqual([
      `ingest ${uploaded(1).event.id}`,
      `ingest ${uploaded(2).event.id}`,
      `status ${uploaded(2).event.id}`,
    ]);
    await eventually(async () => (await other.backlog()).doneBefore !== undefined);
    await Promise.all([own.stop(), other.stop()]);
  });
});

describe('what a consumer tries again', () => {
  const create = (handle: () => Promise<never[]>) =>
    createConsumer({
      bus: fixture.bus,
      group: 'ingest',
      handler: { event: evaluationRequested, handle },
      concurrency: 1,
      logger: createLogger({ level: 'silent' }),
      clock: systemClock,
      retry: { attempts: 1000, initialMs: 1, maximumMs: 1 },
    });

  it('is told with its evaluation, its error and its tries, until it is done', async () => {
    let isAway = true;
    const consumer = create(() => (isAway ? Promise.reject(away()) : Promise.resolve([])));
    await consumer.start();
    expect(consumer.retrying()).toEqual([]);
    await publishEvents(fixture.bus, [requested]);
    await eventually(() => (consumer.retrying()[0]?.attempts ?? 0) > 2);
    const [first] = consumer.retrying();
    expect(first).toMatchObject({ evaluationId, code: 'away' });
    await eventually(() => (consumer.retrying()[0]?.attempts ?? 0) > 5);
    expect(consumer.retrying()[0]?.since).toBe(first?.since);
    isAway = false;
    await eventually(() => consumer.retrying().length === 0);
    await consumer.stop();
  });

  it('is no more told once the consumer has stopped', async () => {
    const consumer = create(() => Promise.reject(away()));
    await consumer.start();
    await publishEvents(fixture.bus, [requested]);
    await eventually(() => consumer.retrying().length === 1);
    await consumer.stop();
    expect(consumer.retrying()).toEqual([]);
  });
});

describe('the backlog of a consumer', () => {
  it('is what is not under way; nothing after the oldest under way is done before', async () => {
    const door = createDoor();
    const consumer = await fixture.consume(
      async (event) => {
        await door.opened;
        return [ingested(event.data)];
      },
      { concurrency: 2 },
    );
    expect(await consumer.backlog()).toMatchObject({ events: 0 });
    await publishEvents(fixture.bus, [uploaded(1), uploaded(2), uploaded(3)]);
    await eventually(() => consumer.health().detail === 'reading, 2 under way');
    expect(await consumer.backlog()).toEqual({ events: 1 });
    door.open();
    await eventually(async () => (await fixture.results()).length === 3);
    await eventually(async () => (await consumer.backlog()).events === 0);
  });

  it('of one that waits for nothing but what it does is done with what came before that', async () => {
    const door = createDoor();
    const consumer = await fixture.consume(() => door.opened.then(() => []));
    await publishEvents(fixture.bus, [uploaded(1)]);
    const publishedBy = new Date().toISOString();
    await eventually(() => consumer.health().detail === 'reading, 1 under way');
    const { events, doneBefore = '' } = await consumer.backlog();
    expect(events).toBe(0);
    expect(doneBefore <= publishedBy).toBe(true);
    door.open();
    await eventually(async () => ((await consumer.backlog()).doneBefore ?? '') > publishedBy);
  });

  it('cannot be told while it is stopped', async () => {
    const consumer = fixture.create(() => Promise.resolve([]));
    await expect(consumer.backlog()).rejects.toBeInstanceOf(BusError);
  });
});
