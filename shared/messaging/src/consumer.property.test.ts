import { afterEach, beforeEach, describe, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { createHistory } from './testing/property/history.ts';
import { createMortalProcess } from './testing/property/mortal-process.ts';
import { inputMessage, scenario, type Life, type Scenario } from './testing/property/scenario.ts';
import { createScript, createScriptedConsumer } from './testing/property/scripted-consumer.ts';
import { createSimulatedLog } from './testing/property/simulated-event-bus.ts';

// Back-off passes at once, so that a run is the order of its steps and nothing else.
beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: ['Date', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate'],
  });
});
afterEach(() => void jest.useRealTimers());

/** Far more than any run takes: one that does not end is a failure. */
const MOST_STEPS = 5_000;

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets everything run that waits for no step; answers whether a step is left to take. */
async function isStepLeft(scheduler: fc.Scheduler): Promise<boolean> {
  await settle();
  for (let round = 0; jest.getTimerCount() > 0; round += 1) {
    if (round > MOST_STEPS) throw new Error('Something is tried for ever.');
    jest.runOnlyPendingTimers();
    await settle();
  }
  return scheduler.count() > 0;
}

function createRun(played: Scenario, partitions: number, scheduler: fc.Scheduler) {
  const faults = [...played.faults];
  const log = createSimulatedLog({
    partitions,
    nextFault: () => faults.shift() ?? 'none',
    onCommit: ({ partition, position }) => history.committed(partition, position),
  });
  const history = createHistory(played, (topic) => log.messages(topic));
  const script = createScript(played);
  const { concurrency } = played;

  const publish = (numbers: readonly number[]): void => {
    for (const number of numbers) {
      const input = played.inputs[number];
      if (input !== undefined) log.append([inputMessage(number, input)]);
    }
  };
  const advance = async (steps: number): Promise<void> => {
    for (let step = 0; step < steps && (await isStepLeft(scheduler)); step += 1) {
      if (step > MOST_STEPS) throw new Error('The consumer never comes to an end.');
      await scheduler.waitNext(1);
    }
  };
  const live = async ({ published, steps, ends }: Life): Promise<void> => {
    const process = createMortalProcess((label) => scheduler.schedule(Promise.resolve(), label));
    const bus = log.open(process);
    const consumer = createScriptedConsumer({ bus, script, history, concurrency, process });
    // Half of them are there before it starts, the others come while it runs.
    publish(published.filter((_, index) => index % 2 === 0));
    await consumer.start();
    publish(published.filter((_, index) => index % 2 === 1));
    await advance(steps);
    if (ends === 'stop') {
      const stopped = consumer.stop();
      await advance(Infinity);
      await stopped;
    }
    process.die();
  };
  return { log, history, live };
}

describe('the consumer runtime, whatever its handlers do and wherever its process dies', () => {
  it('settles every message before it commits it, in order by key, and all in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        scenario({ inputs: 6, lives: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.scheduler(),
        async (played, partitions, scheduler) => {
          const { history, live } = createRun(played, partitions, scheduler);
          for (const life of played.lives) {
            await live(life);
            history.expectSound();
          }
          await live({ published: history.neverPublished(), steps: Infinity, ends: 'stop' });
          history.expectSound();
          history.expectComplete();
        },
      ),
      { numRuns: 100 },
    );
  });
});
