import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveredMessage, EventBus, OutgoingMessage } from '../../event-bus.ts';
import { eventually } from '../eventually.ts';

/** One bus and its data, as the contract suite needs them. Made anew for each test. */
export interface EventBusHarness {
  readonly bus: EventBus;
  /** A new topic with one partition, ready for use. */
  readonly createTopic: () => Promise<string>;
  /** Closes the bus and opens another on the same data. */
  readonly reopen: () => Promise<EventBus>;
  /** Leaves the bus as a killed process would, committing nothing more; opens another on its data. */
  readonly crash: () => Promise<EventBus>;
  /** Closes every bus that was opened and removes the data. */
  readonly dispose: () => Promise<void>;
}

/** What a test of the suite works with. */
export type ContractContext = { readonly harness: () => EventBusHarness };

export const newGroup = (): string => `group-${randomUUID()}`;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const textMessage = (topic: string, key: string, text: string): OutgoingMessage => ({
  topic,
  key,
  headers: {},
  value: encoder.encode(text),
});

export const textOf = (message: { value: Uint8Array }): string => decoder.decode(message.value);

/** Long enough for a bus to do what it must not do, were it going to. */
export const settle = (): Promise<void> => sleep(150);

/** A handler whose messages end when the test says so; what is aborted before that rejects. */
export function createGatedHandler() {
  const started: string[] = [];
  const open = new Set<string>();
  const failing = new Set<string>();
  return {
    /** Texts of the messages that were delivered, in order. */
    started,
    finish: (...texts: string[]) => texts.forEach((text) => open.add(text)),
    fail: (...texts: string[]) => texts.forEach((text) => failing.add(text)),
    onMessage: async (message: DeliveredMessage, signal: AbortSignal): Promise<void> => {
      const text = textOf(message);
      started.push(text);
      await eventually(() => {
        if (signal.aborted) throw new Error('aborted');
        return open.has(text) || failing.has(text);
      });
      if (failing.has(text)) throw new Error('rejected by the test');
    },
  };
}
