import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import fc from 'fast-check';
import { createKafkaCommitter, type PartitionPosition } from './kafka-committer.ts';
import { createOwnedPartitions, type OwnedPartition } from './owned-partitions.ts';

type Answer = 'committed' | 'rebalance' | 'away';

type Step =
  | { readonly does: 'read'; readonly partition: number }
  /** Of the messages of a partition that are under way. */
  | { readonly does: 'finish'; readonly partition: number; readonly choice: number }
  | { readonly does: 'assign'; readonly member: string; readonly partitions: readonly number[] }
  /** The server answers the commit that is under way. */
  | { readonly does: 'answer'; readonly answer: Answer }
  /** All timers run out: of the pace, or of waiting after a failure. */
  | { readonly does: 'wait' | 'flush' };

const ALL = [0, 1, 2];
/** What a server answers before it takes what is left. */
const LAST_FAILURES: readonly Answer[] = ['away', 'rebalance'];
const partition = fc.constantFrom(...ALL);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('read' as const), partition }) },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('finish' as const), partition, choice: fc.nat() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('assign' as const),
      member: fc.constantFrom('m1', 'm1', 'm1', 'm2'),
      partitions: fc.subarray(ALL),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('answer' as const),
      answer: fc.constantFrom<Answer>('committed', 'committed', 'rebalance', 'away'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('wait', 'wait', 'flush') }) },
);

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'performance', 'queueMicrotask', 'setImmediate'] });
});
afterEach(() => void jest.useRealTimers());

type Pending = { readonly positions: readonly PartitionPosition[]; answer(answer: Answer): void };

/** A member with its committer, on a server that answers when the steps say so. */
function createFixture() {
  const owned = createOwnedPartitions();
  const underWay = new Map<OwnedPartition, bigint[]>();
  /** What the server has, by partition. */
  const committed = new Map<number, bigint>();
  /** One past the last message that was read of a partition. */
  const ends = new Map<number, bigint>();
  const pending: Pending[] = [];
  const wrong: string[] = [];

  const lookAt = ({ partition: number, position }: PartitionPosition): void => {
    const current = owned.get(number);
    if (current === undefined) {
      wrong.push(`${number} is not owned`);
      return;
    }
    const unfinished = underWay.get(current)?.[0] ?? ends.get(number) ?? 0n;
    if (position > unfinished) wrong.push(`${number} past ${unfinished}`);
    if (position <= (committed.get(number) ?? 0n)) wrong.push(`${number} back to ${position}`);
  };
  const committer = createKafkaCommitter({
    owned: () => owned.all(),
    isTransient: (error) => (error as Error).message === 'rebalance',
    logger: createLogger({ level: 'silent' }),
    commit(positions) {
      positions.forEach(lookAt);
      if (pending.length > 0) wrong.push('two commits at once');
      return new Promise((resolve, reject) => {
        const answer = (answered: Answer): void => {
          pending.splice(0);
          // A server takes a commit from the member that owns the partitions, as they are by now.
          for (const each of answered === 'committed' ? positions : []) {
            committed.set(each.partition, each.position);
          }
          if (answered === 'committed') resolve();
          else reject(new Error(answered));
        };
        pending.push({ positions, answer });
      });
    },
  });
  const begun = (number: number): OwnedPartition | undefined => {
    const current = owned.get(number);
    if (current === undefined || current.nextToRead() !== undefined) return current;
    const position = committed.get(number) ?? 0n;
    current.begin(position);
    ends.set(number, position);
    underWay.set(current, []);
    return current;
  };
  const finish = (current: OwnedPartition, choice: number): void => {
    const messages = underWay.get(current) ?? [];
    const [offset] = messages.splice(choice % Math.max(1, messages.length), 1);
    if (offset === undefined) return;
    current.finished(offset);
    committer.commitSoon();
  };
  const take = async (next: Step): Promise<void> => {
    if (next.does === 'read') {
      const current = begun(next.partition);
      const offset = current?.nextToRead();
      if (current === undefined || offset === undefined) return;
      current.read(offset, 1);
      ends.set(next.partition, offset + 1n);
      underWay.get(current)?.push(offset);
    } else if (next.does === 'finish') {
      const current = owned.get(next.partition);
      if (current !== undefined) finish(current, next.choice);
    } else if (next.does === 'assign') {
      // The server knows first: it takes nothing more from the member as it was.
      while (pending.length > 0) {
        pending[0]?.answer('rebalance');
        await settle();
      }
      owned.assign(next.member, next.partitions);
    } else if (next.does === 'answer') {
      pending[0]?.answer(next.answer);
    } else if (next.does === 'wait') {
      jest.runOnlyPendingTimers();
    } else {
      committer.flush().catch(() => undefined);
    }
    await settle();
  };
  return { owned, underWay, committed, ends, pending, wrong, committer, finish, take };
}

/** Takes the steps, then finishes all that is left to the member; the server takes it in the end. */
async function playToEnd(steps: readonly Step[]) {
  const fixture = createFixture();
  const { take, owned, underWay, finish, pending } = fixture;
  await take({ does: 'assign', member: 'm1', partitions: ALL });
  for (const next of steps) await take(next);
  for (const current of owned.all()) {
    while ((underWay.get(current) ?? []).length > 0) finish(current, 0);
  }
  await settle();
  // By itself: what was finished has asked for a commit, and a failure asks for another.
  for (let round = 0; jest.getTimerCount() > 0 || pending.length > 0; round += 1) {
    if (round > 20) throw new Error('It commits for ever.');
    jest.runOnlyPendingTimers();
    await settle();
    pending[0]?.answer(LAST_FAILURES[round] ?? 'committed');
    await settle();
  }
  return fixture;
}

const steps = fc.array(step, { maxLength: 40, size: 'max' });

describe('committing, whatever finishes, fails and changes hands', () => {
  it('commits only what is owned, in growing order, one at a time, never past what is unfinished', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const { take, wrong, committer, pending } = createFixture();
        await take({ does: 'assign', member: 'm1', partitions: ALL });
        for (const next of taken) await take(next);
        committer.close();
        pending[0]?.answer('committed');
        expect(wrong).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('has committed everything in the end, of the partitions that are left to it', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const { owned, committed, ends, wrong } = await playToEnd(taken);
        for (const current of owned.all().filter((each) => each.nextToRead() !== undefined)) {
          const { partition: number } = current;
          expect(committed.get(number) ?? 0n).toBe(ends.get(number));
          expect(current.uncommitted()).toBeUndefined();
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('says that it cannot commit no longer than there is something to commit', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const { committer } = await playToEnd(taken);
        expect(committer.failure()).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});
