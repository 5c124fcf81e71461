import type { OutgoingEvent } from '@berkas/contracts';
import { canonicalJson, within, type Logger } from '@berkas/service-kit';
import { findAll, type Collection, type StoredDocument } from '@berkas/storage';
import type { OutboxState } from './domain/records.ts';

type Accepted = StoredDocument & { readonly state: OutboxState };

export interface Outbox<Item extends Accepted> {
  /**
   * Stores the record durably, then publishes its events. When publishing fails, or takes longer
   * than a client should wait, the work is accepted all the same: the record stays `accepted` until
   * it is published, by this or by `deliverPending`. Answers the record that was accepted under the
   * id: an earlier one where there was one.
   */
  accept(record: Item): Promise<Item>;
  /**
   * Accepts a record anew that was published before, as `change` makes it: durable once this
   * resolves, and published as by `accept`. Where `change` answers what it was given, nothing is.
   */
  renew(record: Item, change: (current: Item) => Item): Promise<void>;
  /** Publishes what is accepted and not published yet; answers how many that were. */
  deliverPending(): Promise<number>;
  /** Resolves once nothing is being published any more, or the time is over. */
  settled(withinMs: number): Promise<void>;
}

const PAGE = 100;
const PATIENCE_MS = 1_000;
const MAX_UNDER_WAY = 1_000;

/**
 * Store first, publish second, mark third: whatever dies in between, the record is found as
 * `accepted` and its events are published (again, with the same ids). Nothing accepted is lost.
 */
export function createOutbox<Item extends Accepted, Output = readonly OutgoingEvent[]>(deps: {
  collection: Collection<Item>;
  eventsOf: (record: Item) => Output;
  publish: (output: Output) => Promise<void>;
  logger: Logger;
  /** How long `accept` waits for publishing. */
  patienceMs?: number;
  /** Most that is being published at once for those who ask. */
  maxUnderWay?: number;
}): Outbox<Item> {
  const { collection, eventsOf, publish, logger } = deps;
  const { patienceMs = PATIENCE_MS, maxUnderWay = MAX_UNDER_WAY } = deps;
  // Publishing twice is harmless but useless: the sweep leaves alone what a request has in hand.
  const underWay = new Map<string, Promise<unknown>>();

  /** Answers whether it had anything to do. */
  async function deliver(record: Item): Promise<boolean> {
    if (underWay.has(record.id)) return false;
    const delivery = (async () => {
      await publish(eventsOf(record));
      // One that was accepted anew in between has still to be published.
      await collection.modify(record.id, (current = record) =>
        canonicalJson(current) === canonicalJson(record)
          ? { ...record, state: 'published' }
          : current,
      );
    })();
    underWay.set(record.id, delivery);
    try {
      await delivery;
      return true;
    } finally {
      underWay.delete(record.id);
    }
  }

  /** Waits for it no longer than a client should. */
  async function deliverSoon(record: Item): Promise<void> {
    // While the bus is away they would pile up in memory as fast as requests come: the sweep has it.
    if (underWay.size >= maxUnderWay) return;
    const delivered = deliver(record).catch((error: unknown) => {
      logger.error({ err: error, id: record.id }, 'accepted, but not published yet');
    });
    await within(patienceMs, delivered);
  }

  return {
    accept: async (record) => {
      // Events that cannot be built are a bug: better found before anything is accepted.
      eventsOf(record);
      const isNew = await collection.insert(record);
      const stored = (isNew ? undefined : await collection.get(record.id)) ?? record;
      if (stored.state === 'accepted') await deliverSoon(stored);
      return stored;
    },
    renew: async (record, change) => {
      const stored = await collection.modify(record.id, (current = record) => change(current));
      if (stored.state === 'accepted') await deliverSoon(stored);
    },
    settled: (withinMs) => within(withinMs, Promise.allSettled(underWay.values())),
    deliverPending: async () => {
      let delivered = 0;
      const where = { state: 'accepted' } as Partial<Record<keyof Item & string, string>>;
      for await (const record of findAll(collection, where, PAGE)) {
        if (await deliver(record)) delivered += 1;
      }
      return delivered;
    },
  };
}
