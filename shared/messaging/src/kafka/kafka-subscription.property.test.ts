import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import fc from 'fast-check';
import type { DeliveredMessage, Subscription } from '../event-bus.ts';
import {
  groupRun,
  MEMBERS,
  PARTITIONS,
  REGRESSIONS,
  type GroupRun,
  type GroupStep,
  type Reading,
} from '../testing/kafka/group-steps.ts';
import { createSimulatedCluster } from '../testing/kafka/simulated-cluster.ts';
import {
  createSimulatedAdmin,
  createSimulatedConsumer,
  type SimulatedConsumer,
} from '../testing/kafka/simulated-consumer.ts';
import { createKafkaSubscription } from './kafka-subscription.ts';

const TOPIC = 't';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: [
      'Date',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
    ],
  });
});
afterEach(() => void jest.useRealTimers());

type Running = { readonly member: number; end(well: boolean): void };
type Process = {
  readonly consumer: SimulatedConsumer;
  readonly subscription: Subscription;
  /** What was handed out of partitions that it has kept since, by place. */
  readonly seen: Set<string>;
  joinedAs: string;
  isDead: boolean;
};

/** Two members of a group on a cluster in memory, with handlers that end by the steps. */
function createFixture({ concurrency, rejects, onAborts }: Omit<GroupRun, 'steps' | 'logs'>) {
  const handled = new Set<string>();
  const delivered = new Set<string>();
  const firsts = new Map<string, number>();
  const running: Running[] = [];
  const processes: Process[] = [];
  const cluster = createSimulatedCluster({
    partitions: PARTITIONS,
    isHandled: (number, offset) => handled.has(`${number}/${offset}`),
  });
  const { wrong } = cluster;

  const lookAtDelivery = ({ partition: number, offset, key }: DeliveredMessage): void => {
    const place = `${number}/${offset}`;
    if (delivered.has(place)) return;
    delivered.add(place);
    const before = firsts.get(`${number}/${key}`) ?? -1;
    if (Number(offset) < before) wrong.push(`${place} first after ${before}`);
    firsts.set(`${number}/${key}`, Number(offset));
  };
  const open = async (number: number): Promise<void> => {
    const consumer = createSimulatedConsumer({ cluster, topic: TOPIC });
    const isCurrent = (): boolean => processes[number] === process && !process.isDead;
    const underWay = new Set<string>();
    const subscription = await createKafkaSubscription({
      kafka: consumer.kafka,
      admin: createSimulatedAdmin(cluster, PARTITIONS),
      logger: createLogger({ level: 'silent' }),
      clock: { now: () => new Date(0) },
      sessionTimeoutMs: 10_000,
      onStopped: () => undefined,
      options: {
        group: 'g',
        topic: TOPIC,
        concurrency,
        onMessage: (message, signal) =>
          new Promise((resolve, reject) => {
            if (!isCurrent()) return;
            lookAtDelivery(message);
            const { key } = message;
            const place = `${message.partition}/${message.offset}`;
            if (process.seen.has(place)) wrong.push(`${place} again, though it was kept`);
            process.seen.add(place);
            if (underWay.has(key)) wrong.push(`two of ${key} at once`);
            underWay.add(key);
            if (underWay.size > concurrency) wrong.push(`${underWay.size} at once`);
            const end = (well: boolean): void => {
              const index = running.indexOf(mine);
              if (index === -1) return;
              running.splice(index, 1);
              underWay.delete(key);
              if (!isCurrent()) return;
              if (well) handled.add(place);
              if (well) resolve();
              else reject(new Error('given back'));
            };
            const mine: Running = { member: number, end };
            running.push(mine);
            const onAbort = onAborts[Number(message.offset) % onAborts.length];
            signal.addEventListener('abort', () => {
              if (onAbort !== 'goes on') end(onAbort === 'finishes');
            });
          }),
      },
    });
    const joinedAs = consumer.member.id;
    const process: Process = { consumer, subscription, seen: new Set(), joinedAs, isDead: false };
    processes[number] = process;
  };
  const end = async (number: number, by: 'stop' | 'kill'): Promise<void> => {
    const process = processes[number];
    if (process === undefined) return;
    if (by === 'kill') {
      process.isDead = true;
      for (const mine of running.filter((each) => each.member === number)) mine.end(true);
      // The server notices in time; until then it takes nothing for the dead.
      await process.consumer.kafka.consumer({ groupId: '' }).disconnect();
    } else {
      const stopped = process.subscription.stop();
      for (let round = 0; round < 20; round += 1) {
        await settle();
        cluster.answerCommit(false);
        for (const mine of running.filter((each) => each.member === number)) mine.end(true);
      }
      await stopped;
    }
    await open(number);
  };
  const rejoin = (process: Process): void => {
    const { consumer, seen, joinedAs } = process;
    if (!consumer.rejoin()) return;
    process.joinedAs = consumer.member.id;
    const isKept = (place: string): boolean =>
      process.joinedAs === joinedAs &&
      cluster.owned(consumer.member).some((number) => place.startsWith(`${number}/`));
    for (const place of [...seen].filter((each) => !isKept(each))) seen.delete(place);
  };
  const catchUp = async (number: number): Promise<void> => {
    await take({ does: 'rejoin', member: number });
    for (let place = 0; place < PARTITIONS; place += 1) {
      await take({ does: 'fetch', member: number, partition: place, count: 50 });
      await take({ does: 'deliver', member: number, partition: place });
    }
    const isMine = (each: Running): boolean => each.member === number;
    for (let mine = running.find(isMine); mine !== undefined; mine = running.find(isMine)) {
      mine.end(true);
      await settle();
    }
    await take({ does: 'wait' });
    await take({ does: 'commit', lost: false });
  };
  const take = async (next: GroupStep): Promise<void> => {
    if (next.does === 'append') cluster.append(next.partition, next.slot);
    else if (next.does === 'assign') {
      cluster.assign((number) => processes[next.owners[number] ?? 0]?.consumer.member);
      for (const [number, process] of processes.entries()) {
        if (!next.late.includes(number)) rejoin(process);
      }
    } else if (next.does === 'finish' || next.does === 'reject') {
      running[next.choice % Math.max(1, running.length)]?.end(next.does === 'finish' || !rejects);
    } else if (next.does === 'catch up') await catchUp(next.member);
    else if (next.does === 'commit') cluster.answerCommit(next.lost);
    else if (next.does === 'wait') jest.runOnlyPendingTimers();
    else if (next.does === 'stop' || next.does === 'kill') await end(next.member, next.does);
    else readOrRejoin(next);
    await settle();
  };
  const readOrRejoin = (next: Reading): void => {
    const process = processes[next.member];
    if (process === undefined) return;
    if (next.does === 'rejoin') rejoin(process);
    if (next.does === 'fetch') process.consumer.fetch(next.partition, next.count);
    if (next.does === 'read') process.consumer.fetch(next.partition, 2);
    if (next.does === 'deliver' || next.does === 'read') process.consumer.deliver(next.partition);
  };
  /** One past the last message of a partition: markers behind it are nobody's to commit. */
  const dueOf = (number: number): bigint => {
    const slots = cluster.read(number, 0n, Infinity);
    const last = slots.findLast((each) => typeof each.slot !== 'string');
    return last === undefined ? 0n : last.offset + 1n;
  };
  const isComplete = (): boolean =>
    [...Array(PARTITIONS).keys()].every(
      (number) => (cluster.committed(number) ?? 0n) >= dueOf(number),
    );
  return {
    ...{ cluster, wrong, handled, take, isComplete, open },
    /** The group comes to rest, and its members work until all is committed. */
    async finishAll() {
      // What a handler rejected is delivered again once its subscription is made anew.
      for (const number of rejects ? processes.keys() : []) await end(number, 'stop');
      await take({ does: 'assign', owners: [0, 1], late: [] });
      for (let round = 0; !isComplete() && round < 60; round += 1) {
        for (const number of processes.keys()) await catchUp(number);
      }
    },
    async dispose() {
      for (const process of processes) {
        const stopped = process.subscription.stop();
        for (let round = 0; round < 5; round += 1) {
          await settle();
          cluster.answerCommit(false);
        }
        await stopped;
      }
      // What the killed left behind.
      jest.clearAllTimers();
    },
  };
}

describe('a Kafka subscription, however its group changes while work is under way', () => {
  it('commits only what it owns, skips nothing, keeps order by key, and loses nothing', async () => {
    await fc.assert(
      fc.asyncProperty(groupRun, async ({ logs, steps, ...handlers }) => {
        const fixture = createFixture(handlers);
        for (const [number, slots] of logs.entries()) {
          for (const each of slots) fixture.cluster.append(number, each);
        }
        for (let number = 0; number < MEMBERS; number += 1) await fixture.open(number);
        await fixture.take({ does: 'assign', owners: [0, 1], late: [] });
        for (const next of steps) {
          await fixture.take(next);
          expect(fixture.wrong).toEqual([]);
        }
        await fixture.finishAll();
        expect(fixture.wrong).toEqual([]);
        expect(fixture.isComplete()).toBe(true);
        await fixture.dispose();
      }),
      { numRuns: 100, examples: REGRESSIONS },
    );
  });
});
