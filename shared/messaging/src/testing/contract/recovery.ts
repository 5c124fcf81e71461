import { describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.ts';
import {
  createGatedHandler,
  newGroup,
  settle,
  textMessage,
  type ContractContext,
} from './harness.ts';

/** Stopping, rejecting, closing, crashing: what is unfinished comes again. */
export function recoveryContract({ harness }: ContractContext): void {
  const openTopic = async (...texts: string[]) => {
    const { bus, createTopic } = harness();
    const topic = await createTopic();
    await bus.publish(texts.map((text) => textMessage(topic, `key of ${text}`, text)));
    const group = newGroup();
    return {
      topic,
      group,
      subscribeWith: (handler: ReturnType<typeof createGatedHandler>, on = bus) =>
        on.subscribe({ group, topic, concurrency: 10, onMessage: handler.onMessage }),
    };
  };

  describe('recovering', () => {
    it('delivers after a reopening what was not finished before it, and nothing else', async () => {
      const { subscribeWith } = await openTopic('one', 'two', 'three');
      const before = createGatedHandler();
      const subscription = await subscribeWith(before);
      before.finish('one', 'two');
      await eventually(async () => (await subscription.lag()) === 1);
      const after = createGatedHandler();
      await subscribeWith(after, await harness().reopen());
      await eventually(() => after.started.length === 1);
      await settle();
      expect(after.started).toEqual(['three']);
    });

    it('commits only up to the first unfinished message, also across a crash', async () => {
      const { subscribeWith } = await openTopic('one', 'two', 'three');
      const before = createGatedHandler();
      const subscription = await subscribeWith(before);
      before.finish('two', 'three');
      await eventually(() => before.started.length === 3 && subscription.inFlight() === 1);
      await settle();
      const after = createGatedHandler();
      await subscribeWith(after, await harness().crash());
      await eventually(() => after.started.length === 3);
      expect(after.started).toEqual(['one', 'two', 'three']);
    });

    it('keeps across a crash every message that was acknowledged', async () => {
      const { subscribeWith } = await openTopic('one', 'two');
      const after = createGatedHandler();
      await subscribeWith(after, await harness().crash());
      await eventually(() => after.started.length === 2);
      expect(after.started).toEqual(['one', 'two']);
    });

    it('does not deliver again across a crash what was committed a while before it', async () => {
      const { subscribeWith } = await openTopic('one', 'two');
      const before = createGatedHandler();
      const subscription = await subscribeWith(before);
      before.finish('one');
      await eventually(async () => (await subscription.lag()) === 1);
      const after = createGatedHandler();
      await subscribeWith(after, await harness().crash());
      await eventually(() => after.started.length === 1);
      await settle();
      expect(after.started).toEqual(['two']);
    });

    it('holds the key of a rejected message, lets others pass, and delivers it anew afterwards', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const group = newGroup();
      await bus.publish([
        textMessage(topic, 'a', 'a1'),
        textMessage(topic, 'a', 'a2'),
        textMessage(topic, 'b', 'b1'),
      ]);
      const before = createGatedHandler();
      before.fail('a1');
      before.finish('a2', 'b1');
      const options = { group, topic, concurrency: 1 };
      const first = await bus.subscribe({ ...options, onMessage: before.onMessage });
      await eventually(() => before.started.length === 2 && first.inFlight() === 0);
      await settle();
      expect(before.started).toEqual(['a1', 'b1']);
      expect(first.health().status).toBe('failed');
      expect(await first.lag()).toBe(3);
      await first.stop();
      const after = createGatedHandler();
      after.finish('a1', 'a2', 'b1');
      const second = await bus.subscribe({ ...options, onMessage: after.onMessage });
      await eventually(async () => (await second.lag()) === 0);
      expect(after.started).toEqual(['a1', 'a2', 'b1']);
      expect(second.health().status).toBe('ok');
    });

    it('aborts what is under way when stopped and waits for its end', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      await bus.publish([textMessage(topic, 'k', 'long')]);
      const happened: string[] = [];
      const subscription = await bus.subscribe({
        group: newGroup(),
        topic,
        concurrency: 1,
        onMessage: async (_message, signal) => {
          happened.push('started');
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          happened.push('aborted');
          await settle();
          happened.push('ended');
          throw new Error('given back');
        },
      });
      await eventually(() => happened.includes('started'));
      await subscription.stop();
      happened.push('stopped');
      expect(happened).toEqual(['started', 'aborted', 'ended', 'stopped']);
    });

    it('commits what still finishes while it is stopping', async () => {
      const { bus, createTopic } = harness();
      const topic = await createTopic();
      const group = newGroup();
      await bus.publish([textMessage(topic, 'k', 'one'), textMessage(topic, 'k', 'two')]);
      let started = false;
      const first = await bus.subscribe({
        group,
        topic,
        concurrency: 1,
        onMessage: async (_message, signal) => {
          started = true;
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        },
      });
      await eventually(() => started);
      await first.stop();
      await first.stop();
      const after = createGatedHandler();
      await bus.subscribe({ group, topic, concurrency: 1, onMessage: after.onMessage });
      await eventually(() => after.started.length === 1);
      expect(after.started).toEqual(['two']);
    });

    it('delivers nothing after a stop', async () => {
      const { bus } = harness();
      const { topic, subscribeWith } = await openTopic();
      const handler = createGatedHandler();
      const subscription = await subscribeWith(handler);
      await subscription.stop();
      await bus.publish([textMessage(topic, 'k', 'late')]);
      await settle();
      expect(handler.started).toEqual([]);
    });

    it('stops its subscriptions when closed, and refuses work from then on', async () => {
      const { bus } = harness();
      const { topic, group, subscribeWith } = await openTopic('one');
      const handler = createGatedHandler();
      const subscription = await subscribeWith(handler);
      await eventually(() => handler.started.length === 1);
      await bus.close();
      await bus.close();
      expect(subscription.inFlight()).toBe(0);
      const closed = { code: 'bus_closed' };
      const onMessage = () => Promise.resolve();
      await expect(bus.publish([textMessage(topic, 'k', 'x')])).rejects.toMatchObject(closed);
      await expect(
        bus.subscribe({ group, topic, concurrency: 1, onMessage }),
      ).rejects.toMatchObject(closed);
    });
  });
}
