import { documentIngested, documentUploaded } from '@berkas/contracts';
import fc from 'fast-check';
import type { OutgoingMessage } from '../../event-bus.ts';
import { encodeEvent } from '../../event-encoding.ts';
import { uploaded } from '../consumer-fixture.ts';

export const GROUP = 'scripted';
/** How often an event is tried before it is given up. */
export const ATTEMPTS = 3;
export const INPUTS = documentUploaded.topic;
/** Where it is told that an event was given up. */
export const ANNOUNCEMENTS = documentIngested.topic;
/** Where handlers write what they make. */
export const OUTPUTS = ['made-here', 'made-there'];

/**
 * How one call of a handler ends. An outage fails with a retryable error and opens a breaker, which
 * lets work through again some steps later.
 */
export type Outcome = 'ok' | 'retryable' | 'outage' | 'bug';

/** How the calls for one event end: the first ones, whichever process makes them, and the others. */
export type Outcomes = { readonly first: readonly Outcome[]; readonly others: Outcome };

/** What becomes of one event, over all the times that it is handled. */
export type InputScript = {
  readonly key: string;
  /** One that is not, is no event at all. */
  readonly readable: boolean;
  readonly handling: Outcomes;
  /** Of telling the others that it was given up. */
  readonly announcing: Outcomes;
  /** Topics that its handler writes one event each to. */
  readonly outputs: readonly string[];
};

/** One life of the consumer's process. */
export type Life = {
  /** The inputs that are published as it starts, by number; one may come several times. */
  readonly published: readonly number[];
  /** Steps of any kind that it takes before it ends. */
  readonly steps: number;
  readonly ends: 'crash' | 'stop';
};

/** What a call of `publish` meets: the last two leave something in the log and reject. */
export type PublishFault = 'none' | 'refused' | 'half done' | 'answer lost';

export type Scenario = {
  readonly concurrency: number;
  readonly inputs: readonly InputScript[];
  readonly lives: readonly Life[];
  /** Of the first calls, whichever process makes them; then there are none. */
  readonly faults: readonly PublishFault[];
};

/** What always ends so must let the event come to an end. */
const outcomes = (...others: Outcome[]): fc.Arbitrary<Outcomes> =>
  fc.record({
    first: fc.array(fc.constantFrom<Outcome>('ok', 'retryable', 'outage', 'bug'), { maxLength: 4 }),
    others: fc.constantFrom(...others),
  });

const inputScript: fc.Arbitrary<InputScript> = fc.record({
  key: fc.constantFrom('a', 'b', 'c'),
  readable: fc.oneof({ weight: 7, arbitrary: fc.constant(true) }, fc.constant(false)),
  handling: outcomes('ok', 'ok', 'ok', 'retryable', 'bug'),
  // What may pass is announced however long it takes.
  announcing: outcomes('ok', 'ok', 'bug'),
  outputs: fc.subarray(OUTPUTS),
});

export const scenario = (longest: { inputs: number; lives: number }): fc.Arbitrary<Scenario> =>
  fc.integer({ min: 1, max: longest.inputs }).chain((count) =>
    fc.record({
      concurrency: fc.integer({ min: 1, max: 4 }),
      inputs: fc.array(inputScript, { minLength: count, maxLength: count }),
      lives: fc.array(
        fc.record({
          published: fc.array(fc.nat(count - 1), { maxLength: 2 * count }),
          steps: fc.nat(25),
          ends: fc.constantFrom('crash' as const, 'crash' as const, 'stop' as const),
        }),
        { maxLength: longest.lives },
      ),
      faults: fc.array(
        fc.constantFrom<PublishFault>('none', 'refused', 'half done', 'answer lost'),
        {
          maxLength: 6,
        },
      ),
    }),
  );

/** The message of an input; each has an event of its own. */
export function inputMessage(number: number, { key, readable }: InputScript): OutgoingMessage {
  const message = { ...encodeEvent(uploaded(number)), key };
  return readable ? message : { ...message, value: new Uint8Array([0, 255, number]) };
}
