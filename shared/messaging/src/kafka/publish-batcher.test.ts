import { describe, expect, it } from '@jest/globals';
import { textMessage, textOf } from '../testing/contract/harness.ts';
import { createPublishBatcher } from './publish-batcher.ts';

/** A batcher, what it sent, and a `send` that fails for the texts given. */
function createFixture(options: { maximumBytes?: number; fails?: Record<string, string> } = {}) {
  const sent: string[][] = [];
  const batcher = createPublishBatcher({
    maximumBytes: options.maximumBytes ?? 1_000_000,
    mayBeOfOneCall: (error) => (error as Error).message === 'of the message',
    async send(messages) {
      const texts = messages.map(textOf);
      sent.push(texts);
      await new Promise((resolve) => setImmediate(resolve));
      const failure = texts
        .map((text) => options.fails?.[text])
        .find((found) => found !== undefined);
      if (failure !== undefined) throw new Error(failure);
    },
  });
  const publish = (...texts: string[]) =>
    batcher.publish(texts.map((text) => textMessage('t', 'k', text)));
  return { sent, batcher, publish };
}

describe('publishing in batches', () => {
  it('sends calls made at once together, in order, and those made meanwhile with the next', async () => {
    const { sent, publish } = createFixture();
    const first = [publish('a'), publish('b', 'c')];
    await Promise.race(first.map((call) => call)).then(() => undefined);
    await Promise.all([...first, publish('d'), publish('e')]);
    expect(sent).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });

  it('never has two batches under way', async () => {
    let underWay = 0;
    let most = 0;
    const batcher = createPublishBatcher({
      maximumBytes: 150,
      mayBeOfOneCall: () => false,
      async send() {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
      },
    });
    const calls = ['a', 'b', 'c', 'd'].map((text) =>
      batcher.publish([textMessage('t', 'k', text)]),
    );
    await Promise.all(calls);
    expect(most).toBe(1);
  });

  it('lets no later call overtake the rest of one that was cut', async () => {
    const { sent, publish } = createFixture({ maximumBytes: 350 });
    await Promise.all([publish('1', '2'.repeat(300)), publish('a')]);
    expect(sent.flat()).toEqual(['1', '2'.repeat(300), 'a']);
  });

  it('leaves a call that does not fit to the next batch, and cuts only one that never fits', async () => {
    const { sent, publish } = createFixture({ maximumBytes: 350 });
    await Promise.all([publish('a', 'b'), publish('c', 'd'), publish('1', '2', '3', '4', '5')]);
    expect(sent).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['1', '2', '3'],
      ['4', '5'],
    ]);
  });

  it('sends a message that is larger than a batch by itself', async () => {
    const { sent, publish } = createFixture({ maximumBytes: 10 });
    await publish('a', 'b');
    expect(sent).toEqual([['a'], ['b']]);
  });

  it('tries calls one by one when a failure may lie with one of them', async () => {
    const { sent, publish } = createFixture({ fails: { bad: 'of the message' } });
    const outcomes = await Promise.allSettled([publish('a'), publish('bad'), publish('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sent).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
  });

  it('fails all that were sent together when the server is away, and sends none of them again', async () => {
    const { sent, publish } = createFixture({ fails: { a: 'away' } });
    const outcomes = await Promise.allSettled([publish('a'), publish('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await publish('c');
    expect(sent).toEqual([['a', 'b'], ['c']]);
  });

  it('sends nothing more of a call that failed half-way', async () => {
    const { sent, publish } = createFixture({ maximumBytes: 110, fails: { b: 'away' } });
    await expect(publish('a', 'b', 'c')).rejects.toThrow('away');
    expect(sent).toEqual([['a'], ['b']]);
  });

  it('says when it is drained, also of calls that failed', async () => {
    const { batcher, publish } = createFixture({ fails: { bad: 'away' } });
    await batcher.drained();
    let failed = false;
    void publish('bad').catch(() => (failed = true));
    await batcher.drained();
    expect(failed).toBe(true);
  });
});
