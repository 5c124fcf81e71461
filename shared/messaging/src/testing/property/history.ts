import type { DocumentUploaded } from '@berkas/contracts';
import { expect } from '@jest/globals';
import { deadLetterTopic } from '../../dead-letter.ts';
import type { DeliveredMessage, EventBus } from '../../event-bus.ts';
import { documentIdOf, uploaded } from '../consumer-fixture.ts';
import type { MortalProcess } from './mortal-process.ts';
import {
  ANNOUNCEMENTS,
  ATTEMPTS,
  GROUP,
  INPUTS,
  OUTPUTS,
  type InputScript,
  type Scenario,
} from './scenario.ts';

const LETTERS = deadLetterTopic(GROUP);

/** Reads a log, oldest first in each partition. */
export type ReadLog = (topic: string) => readonly DeliveredMessage[];

/** What was seen of a scenario over all lives of its process, and what must hold of it. */
export interface History {
  /** The bus, with what it hands out looked at while the process lives. */
  watch(bus: EventBus, process: MortalProcess, concurrency: number): EventBus;
  /** A handler has done its work, though what it made is not yet published. */
  handled(data: DocumentUploaded): void;
  /** The group committed this position: all before it must be settled by now. */
  committed(partition: number, position: number): void;
  /** Places before a position whose outcome is not in the log, as it is or as another left it. */
  unsettledBefore(partition: number, position: number, read?: ReadLog): string[];
  /** The inputs that are not in the log, by number. */
  neverPublished(): number[];
  /** Fails for whatever went wrong so far. */
  expectSound(): void;
  /** Fails unless every input has come to its end. */
  expectComplete(): void;
}

/** `messagesOf` reads the log as it is at the moment of the call. */
export function createHistory({ inputs }: Scenario, messagesOf: ReadLog): History {
  const handledWell = new Set<string>();
  const delivered = new Set<string>();
  /** The last offset that a key had been handed out up to, over all lives. */
  const firsts = new Map<string, number>();
  const committedTo = new Map<number, number>();
  const wrong: string[] = [];
  const numbers = new Map(inputs.map((_, number) => [uploaded(number).event.id, number]));
  const placeOf = ({ partition, offset }: DeliveredMessage): string => `${partition}/${offset}`;
  const isAbout = (documentId: string) => (message: DeliveredMessage) =>
    message.headers['ce_subject'] === documentId;

  /** Whether what the message led to is in the log: all of its outputs, or its dead letter. */
  const isSettled = (message: DeliveredMessage, read: ReadLog = messagesOf): boolean => {
    const number = numbers.get(message.headers['ce_id'] ?? '') ?? -1;
    const documentId = documentIdOf(number);
    const { readable = false, outputs = [] } = inputs[number] ?? {};
    const isMade = (topic: string): boolean => read(topic).some(isAbout(documentId));
    if (readable && handledWell.has(documentId) && outputs.every(isMade)) return true;
    return read(LETTERS).some(
      ({ headers }) =>
        headers['dead-letter-topic'] === INPUTS &&
        headers['dead-letter-partition'] === String(message.partition) &&
        headers['dead-letter-offset'] === message.offset &&
        // Whoever waits for the input is told too, or the letter says that nobody could be.
        (!readable || isMade(ANNOUNCEMENTS) || headers['dead-letter-unannounced'] !== undefined),
    );
  };
  const lookAtDelivery = (message: DeliveredMessage, lastOfKey: Map<string, number>): void => {
    const { key } = message;
    const offset = Number(message.offset);
    if (offset <= (lastOfKey.get(key) ?? -1)) wrong.push(`${placeOf(message)} out of order`);
    lastOfKey.set(key, offset);
    if (delivered.has(placeOf(message))) return;
    delivered.add(placeOf(message));
    if (offset < (firsts.get(key) ?? -1)) wrong.push(`${placeOf(message)} first after a later one`);
    firsts.set(key, offset);
  };
  const unsettledBefore: History['unsettledBefore'] = (number, position, read = messagesOf) =>
    read(INPUTS)
      .filter(({ partition, offset }) => partition === number && Number(offset) < position)
      .filter((message) => !isSettled(message, read))
      .map(placeOf);

  return {
    watch: (bus, process, concurrency) => ({
      ...bus,
      subscribe(subscribing) {
        const underWay: string[] = [];
        const lastOfKey = new Map<string, number>();
        const onMessage: typeof subscribing.onMessage = async (message, signal) => {
          if (process.isDead()) return subscribing.onMessage(message, signal);
          lookAtDelivery(message, lastOfKey);
          if (underWay.includes(message.key)) wrong.push(`two of ${message.key} at once`);
          underWay.push(message.key);
          if (underWay.length > concurrency) wrong.push(`${underWay.length} at once`);
          try {
            await subscribing.onMessage(message, signal);
          } finally {
            underWay.splice(underWay.indexOf(message.key), 1);
          }
          if (!process.isDead() && !isSettled(message)) {
            wrong.push(`${placeOf(message)} done without its outputs or a dead letter`);
          }
        };
        return bus.subscribe({ ...subscribing, onMessage });
      },
    }),
    handled: ({ documentId }) => void handledWell.add(documentId),
    committed(partition, position) {
      if (position < (committedTo.get(partition) ?? 0)) wrong.push(`${partition} went back`);
      committedTo.set(partition, position);
      for (const place of unsettledBefore(partition, position)) {
        wrong.push(`${place} skipped by ${position}`);
      }
    },
    unsettledBefore,
    neverPublished() {
      const published = new Set(messagesOf(INPUTS).map(({ headers }) => headers['ce_id'] ?? ''));
      return [...numbers].filter(([id]) => !published.has(id)).map(([, number]) => number);
    },
    expectSound() {
      expect(wrong).toEqual([]);
      for (const topic of [...OUTPUTS, ANNOUNCEMENTS]) expectIdentical(messagesOf(topic));
      const published = new Map(messagesOf(INPUTS).map((message) => [placeOf(message), message]));
      for (const { headers, key, value } of messagesOf(LETTERS)) {
        // An outage, a stop and a crash cost no event, and no try either.
        if (headers['dead-letter-code'] === 'away') {
          expect(headers['dead-letter-attempts']).toBe(String(ATTEMPTS));
        }
        expect(everFails(inputs[numbers.get(headers['ce_id'] ?? '') ?? -1])).toBe(true);
        const place = `${headers['dead-letter-partition']}/${headers['dead-letter-offset']}`;
        const original = published.get(place);
        expect({ key, value }).toEqual({ key: original?.key, value: original?.value });
        expect(headers).toMatchObject(original?.headers ?? {});
      }
    },
    expectComplete() {
      const messages = messagesOf(INPUTS);
      expect(messages.filter((message) => !isSettled(message)).map(placeOf)).toEqual([]);
      const ends = new Map<number, number>();
      for (const { partition } of messages) ends.set(partition, (ends.get(partition) ?? 0) + 1);
      expect([...committedTo].sort()).toEqual([...ends].sort());
    },
  };
}

/** Whether the script gives a reason to give the input up. */
const everFails = (input: InputScript | undefined): boolean =>
  input === undefined ||
  !input.readable ||
  [...input.handling.first, input.handling.others].some(
    (outcome) => outcome === 'bug' || outcome === 'retryable',
  );

/** What one input led to is the same, byte for byte, however often it was made. */
function expectIdentical(messages: readonly DeliveredMessage[]): void {
  const first = new Map<string, string>();
  for (const { key, headers, value } of messages) {
    const id = headers['ce_id'] ?? '';
    const content = JSON.stringify({ key, headers, value: Buffer.from(value).toString('hex') });
    expect(content).toBe(first.get(id) ?? content);
    first.set(id, content);
  }
}
