import { copyFileSync, existsSync, mkdtempSync, statSync, truncateSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import fc from 'fast-check';
import { BusError } from '../bus-error.ts';
import { eventually } from '../testing/eventually.ts';
import { createFaultyPublish } from '../testing/property/faulty-publish.ts';
import { createHistory, type ReadLog } from '../testing/property/history.ts';
import { createMortalProcess } from '../testing/property/mortal-process.ts';
import {
  GROUP,
  INPUTS,
  inputMessage,
  scenario,
  type Life,
  type Scenario,
} from '../testing/property/scenario.ts';
import { createScript, createScriptedConsumer } from '../testing/property/scripted-consumer.ts';
import { createSqliteEventBus } from './sqlite-event-bus.ts';
import { openSqliteLog } from './sqlite-log.ts';

const FILES = ['berkas.sqlite', 'berkas.sqlite-wal'];
const logger = createLogger({ level: 'silent' });

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'berkas-lives-'));
});
afterAll(() => rm(root, { recursive: true }));

/** What a killed process leaves is its files as they are at that instant. */
function copyOf(folder: string): string {
  const copy = mkdtempSync(join(root, 'life-'));
  for (const name of FILES) {
    if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
  }
  return copy;
}

/** What a power cut may leave of them: a beginning of what was appended since the last checkpoint. */
function cutCopyOf(folder: string, percent: number): string {
  const copy = copyOf(folder);
  const appended = join(copy, 'berkas.sqlite-wal');
  if (existsSync(appended)) {
    truncateSync(appended, Math.floor((statSync(appended).size * percent) / 100));
  }
  return copy;
}

function createRun(played: Scenario, cuts: Iterator<number>) {
  const faults = [...played.faults];
  let folder = mkdtempSync(join(root, 'life-'));
  let log = openSqliteLog(join(folder, 'berkas.sqlite'));
  const history = createHistory(played, (topic) => log.read(topic, 0, 10_000));
  const script = createScript(played);
  const { concurrency } = played;
  /** All that was published is committed. */
  const isDone = (): boolean => {
    const position = log.position(GROUP, INPUTS);
    history.committed(0, position);
    return position === log.end(INPUTS);
  };

  /** No position is on disk before what it stands for. */
  const expectSoundAfterPowerCut = async (): Promise<void> => {
    const left = openSqliteLog(
      join(cutCopyOf(folder, cuts.next().value as number), FILES[0] ?? ''),
    );
    const position = left.position(GROUP, INPUTS);
    expect(position).toBeLessThanOrEqual(left.end(INPUTS));
    const read: ReadLog = (topic) => left.read(topic, 0, 10_000);
    expect(history.unsettledBefore(0, position, read)).toEqual([]);
    await left.close();
  };

  const live = async ({ published, steps, ends }: Life): Promise<void> => {
    let left = steps;
    const turn = async (): Promise<void> => {
      await nextTurn();
      left -= 1;
      if (left < 0 && ends === 'crash') process.die();
    };
    const process = createMortalProcess(turn, () =>
      Promise.reject(new BusError('message_given_back', 'The process is dead.')),
    );
    const opened = createSqliteEventBus({ path: join(folder, 'berkas.sqlite'), logger });
    let next = folder;
    process.onDeath(() => (next = copyOf(folder)));
    const publish = createFaultyPublish({
      append: (messages) => opened.publish(messages),
      process,
      nextFault: () => faults.shift() ?? 'none',
    });
    const bus = { ...opened, publish };
    const consumer = createScriptedConsumer({ bus, script, history, concurrency, process });
    const messages = published.map((number) => inputMessage(number, inputOf(number)));
    // Half of them are there before it starts, the others come while it runs.
    await opened.publish(messages.filter((_, index) => index % 2 === 0));
    await consumer.start();
    await opened.publish(messages.filter((_, index) => index % 2 === 1));
    await eventually(() => left < 0 || isDone());
    if (ends === 'crash') process.die();
    await consumer.stop();
    await opened.close();
    await log.close();
    folder = next;
    log = openSqliteLog(join(folder, 'berkas.sqlite'));
    isDone();
    await expectSoundAfterPowerCut();
  };
  const inputOf = (number: number) => {
    const input = played.inputs[number];
    if (input === undefined) throw new RangeError(`There is no input ${number}.`);
    return input;
  };
  return { history, live, close: () => log.close() };
}

const cuts = fc.infiniteStream(fc.nat(100));

describe('the consumer runtime on the SQLite log, wherever its process is killed', () => {
  it('settles every message before it commits it, in order by key, and all in the end', async () => {
    await fc.assert(
      fc.asyncProperty(scenario({ inputs: 5, lives: 3 }), cuts, async (played, percents) => {
        const { history, live, close } = createRun(played, percents);
        for (const life of played.lives) {
          await live(life);
          history.expectSound();
        }
        await live({ published: history.neverPublished(), steps: Infinity, ends: 'stop' });
        history.expectSound();
        history.expectComplete();
        await close();
      }),
      { numRuns: 20 },
    );
  });
});
