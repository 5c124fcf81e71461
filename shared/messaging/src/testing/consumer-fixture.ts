import {
  createEvent,
  documentIngested,
  documentUploaded,
  type DocumentUploaded,
  type OutgoingEvent,
} from '@berkas/contracts';
import { BerkasError, createLogger, systemClock } from '@berkas/service-kit';
import { createConsumer, type ConsumerOptions, type EventConsumer } from '../consumer.ts';
import type { EventBus } from '../event-bus.ts';
import type { EventHandler } from '../event-processor.ts';
import { collectEvents, collectMessages } from './collect-events.ts';
import { createTemporaryEventBus } from './temporary-event-bus.ts';

const GROUP = 'ingest';
const context = { source: 'test', time: '2026-01-02T03:04:05.000Z' };

export const documentIdOf = (number: number): string => `doc_${String(number).padStart(24, '0')}`;

export const uploaded = (number: number): OutgoingEvent =>
  createEvent(
    documentUploaded,
    { documentId: documentIdOf(number), kind: 'cv', bytes: 1, sha256: 'ab'.repeat(32) },
    context,
  );

export const ingested = ({ documentId, kind }: DocumentUploaded): OutgoingEvent =>
  createEvent(
    documentIngested,
    { documentId, kind, outcome: 'ingested', pages: 1, characters: 1, passages: 1 },
    context,
  );

export const rejected = ({ documentId, kind }: DocumentUploaded): OutgoingEvent =>
  createEvent(
    documentIngested,
    { documentId, kind, outcome: 'rejected', code: 'internal_error' },
    context,
  );

export const away = (): BerkasError => new BerkasError('away', { code: 'away', retryable: true });

type Handler = EventHandler<DocumentUploaded>;
type Options = Partial<ConsumerOptions<DocumentUploaded>> & {
  onGiveUp?: NonNullable<Handler['onGiveUp']>;
};

/** A temporary bus, and consumers of `document-uploaded` on it that answer `document-ingested`. */
export function createConsumerFixture() {
  const bus = createTemporaryEventBus();
  const consumers: EventConsumer[] = [];
  const fixture = {
    bus,
    create: (handle: Handler['handle'], options: Options = {}): EventConsumer => {
      const { onGiveUp, ...rest } = options;
      const consumer = createConsumer({
        bus,
        group: GROUP,
        concurrency: 4,
        logger: createLogger({ level: 'silent' }),
        clock: systemClock,
        retry: { attempts: 3, patienceMs: 0, initialMs: 1, maximumMs: 1 },
        handler: {
          event: documentUploaded,
          handle,
          ...(onGiveUp === undefined ? {} : { onGiveUp }),
        },
        ...rest,
      });
      consumers.push(consumer);
      return consumer;
    },
    consume: async (handle: Handler['handle'], options: Options = {}): Promise<EventConsumer> => {
      const consumer = fixture.create(handle, options);
      await consumer.start();
      return consumer;
    },
    /** A consumer's bus that publishes as the test says and is the temporary one in all else. */
    withPublish: (publish: EventBus['publish']): EventBus => ({ ...bus, publish }),
    /** Messages that the group has not committed; its consumer must be stopped. */
    uncommitted: async (): Promise<number> => {
      const { topic } = documentUploaded;
      const onMessage = () => Promise.reject(new Error('only looking'));
      const subscription = await bus.subscribe({ group: GROUP, topic, concurrency: 1, onMessage });
      subscription.pause();
      const lag = await subscription.lag();
      await subscription.stop();
      return lag;
    },
    rawLetters: () => collectMessages(bus, `dead-letter.${GROUP}`),
    letters: async () =>
      (await fixture.rawLetters()).map(({ headers }) => ({
        id: headers['ce_id'],
        code: headers['dead-letter-code'],
        attempts: headers['dead-letter-attempts'],
      })),
    results: async () =>
      (await collectEvents(bus, documentIngested)).map(({ data }) => [
        data.documentId,
        data.outcome,
      ]),
    dispose: async (): Promise<void> => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await bus.dispose();
    },
  };
  return fixture;
}
