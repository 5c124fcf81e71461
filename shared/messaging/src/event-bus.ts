import type { HealthCheck } from '@berkas/service-kit';

/** Bytes-level message: what a transport carries. Event meaning is the consumer runtime's. */
export type OutgoingMessage = {
  readonly topic: string;
  /** Messages of one topic with the same key are delivered in order. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
};

export type DeliveredMessage = OutgoingMessage & {
  readonly partition: number;
  /** Position in the partition; grows by publishing order, as a decimal string (64-bit in Kafka). */
  readonly offset: string;
  /** When it was published, in milliseconds since the epoch. */
  readonly timestampMs: number;
};

export type SubscribeOptions = {
  /** Consumers of one group share the messages; each group sees all of them. */
  readonly group: string;
  readonly topic: string;
  /** Most messages under way at once, however many partitions there are. At least 1. */
  readonly concurrency: number;
  /**
   * Resolves when the message is done with for good. A rejection means that it is not: the
   * message stays uncommitted and is delivered again after the subscription is made anew.
   * Until then nothing more of its key is delivered, so that order holds; other keys go on for a
   * bounded stretch past it, nothing is tried again, and `health` says `failed`.
   * `signal` is aborted when the subscription stops: long work should give up then and reject.
   */
  readonly onMessage: (message: DeliveredMessage, signal: AbortSignal) => Promise<void>;
};

export interface Subscription {
  /** Delivers nothing new until `resume`; what is under way goes on. */
  pause(): void;
  resume(): void;
  /** Messages published and not yet committed by this group. */
  lag(): Promise<number>;
  /** Messages under way now. */
  inFlight(): number;
  /** Whether it gets on: `failed` while it cannot read or commit, or after `onMessage` rejected. */
  health(): HealthCheck;
  /** Delivers nothing new, aborts the signal of what is under way, waits for it, commits, resolves. */
  stop(): Promise<void>;
}

/**
 * A durable, replayable log by topic.
 *
 * Delivery is at least once: a group's position moves only up to its first unfinished message, so a
 * crash repeats messages and never skips one. A new group starts at the oldest message kept.
 */
export interface EventBus {
  /**
   * Resolves once all of them are durable: acknowledged messages survive a crash. Rejects with a
   * `BusError`. None of a call is published if one of its messages is not valid. After another
   * failure all, none, or on a cluster some of them may be there, never one without those before it
   * in its partition: publish all of them again, readers tell repeats by their ids.
   */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  /** Rejects with a `BusError` `subscription_exists` while this bus has one for the group and topic. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** The messages of a topic published at or after `from` and up to now, oldest first. */
  replay(topic: string, from: Date): AsyncIterable<DeliveredMessage>;
  /** Stops every subscription and frees what the bus holds. Safe to repeat. */
  close(): Promise<void>;
}
