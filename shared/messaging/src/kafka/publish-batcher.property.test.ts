import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { textMessage, textOf } from '../testing/contract/harness.ts';
import { createPublishBatcher } from './publish-batcher.ts';

/** A call of `publish`: how large each of its messages is, and the turns that pass before it. */
type Call = { readonly sizes: readonly number[]; readonly turns: number; readonly bad: boolean };
type Answer = 'taken' | 'away';

const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.record({
    sizes: fc.array(fc.nat(400), { minLength: 1, maxLength: 5 }),
    turns: fc.nat(2),
    // Holds a message that the server refuses, with all that comes together with it.
    bad: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  }),
  { minLength: 1, maxLength: 12 },
);
type Run = {
  readonly calls: readonly Call[];
  /** Of the first batches; the server takes all that follow. */
  readonly answers: readonly Answer[];
  readonly maximumBytes: number;
};
const run: fc.Arbitrary<Run> = fc.record({
  calls,
  answers: fc.array(fc.constantFrom<Answer>('taken', 'taken', 'away'), { maxLength: 10 }),
  maximumBytes: fc.integer({ min: 1, max: 2_000 }),
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Plays the calls on a server that appends what it takes, and answers what became of each. */
async function play(played: Run) {
  const answers = [...played.answers];
  const log: string[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const batcher = createPublishBatcher({
    maximumBytes: played.maximumBytes,
    mayBeOfOneCall: (error) => (error as Error).message === 'refused',
    async send(messages) {
      const texts = messages.map(textOf).map((text) => text.trim());
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      await turn();
      underWay -= 1;
      if (texts.some((text) => text.includes('bad'))) throw new Error('refused');
      if ((answers.shift() ?? 'taken') === 'away') throw new Error('away');
      log.push(...texts);
    },
  });
  const outcomes = new Map<number, Promise<'resolved' | 'rejected'>>();
  /** How long the log was, by call, when its promise was settled. */
  const settledAt = new Map<number, number>();
  for (const [call, { sizes, turns, bad }] of played.calls.entries()) {
    for (let count = 0; count < turns; count += 1) await turn();
    const messages = sizes.map((size, index) => {
      const name = `${call}.${index}${bad && index === sizes.length - 1 ? ' bad' : ''}`;
      return textMessage('t', 'k', name.padEnd(size));
    });
    const outcome = batcher.publish(messages).then(
      () => 'resolved' as const,
      () => 'rejected' as const,
    );
    outcomes.set(
      call,
      outcome.finally(() => settledAt.set(call, log.length)),
    );
  }
  await batcher.drained();
  const ended = await Promise.all(outcomes.values());
  return { log, ended, settledAt, mostUnderWay };
}

const textsOf = ({ sizes, bad }: Call, call: number): string[] =>
  sizes.map((_, index) => `${call}.${index}${bad && index === sizes.length - 1 ? ' bad' : ''}`);

describe('publishing in batches, whatever is published and however the server answers', () => {
  it('resolves a call exactly when all its messages were taken, each once', async () => {
    await fc.assert(
      fc.asyncProperty(run, async (played) => {
        const { log, ended, settledAt } = await play(played);
        expect(new Set(log).size).toBe(log.length);
        for (const [call, content] of played.calls.entries()) {
          const texts = textsOf(content, call);
          const isTaken = texts.every((text) => log.includes(text));
          expect(ended[call]).toBe(isTaken ? 'resolved' : 'rejected');
          // Not before they were: what is acknowledged may be committed at once.
          const known = log.slice(0, settledAt.get(call));
          if (isTaken) expect(known).toEqual(expect.arrayContaining(texts));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps the order of the calls and of their messages, one batch at a time', async () => {
    await fc.assert(
      fc.asyncProperty(run, async (played) => {
        const { log, mostUnderWay } = await play(played);
        const order = played.calls.flatMap((content, call) => textsOf(content, call));
        expect(log).toEqual(order.filter((text) => log.includes(text)));
        // Of a call that failed a beginning may be there, never a message without those before it.
        for (const [call, content] of played.calls.entries()) {
          const texts = textsOf(content, call);
          const taken = texts.filter((text) => log.includes(text));
          expect(taken).toEqual(texts.slice(0, taken.length));
        }
        expect(mostUnderWay).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });

  it('loses no call to another: only what was sent with a failure fails', async () => {
    const maximumBytes = fc.nat(2_000);
    const quiet = fc.record({ calls, answers: fc.constant([]), maximumBytes });
    await fc.assert(
      fc.asyncProperty(quiet, async (played) => {
        const { ended } = await play(played);
        expect(ended).toEqual(played.calls.map(({ bad }) => (bad ? 'rejected' : 'resolved')));
      }),
      { numRuns: 100 },
    );
  });
});
