import fc from 'fast-check';
import type { Slot } from './simulated-cluster.ts';

export const PARTITIONS = 2;
export const MEMBERS = 2;

/** What a handler does when it is told to give up. */
export type OnAbort = 'goes on' | 'finishes' | 'rejects';
/** What one member does with what the server has. */
export type Reading =
  | { readonly does: 'rejoin'; readonly member: number }
  | { readonly does: 'fetch'; readonly member: number; partition: number; count: number }
  | { readonly does: 'deliver'; readonly member: number; readonly partition: number }
  /** Fetches and delivers. */
  | { readonly does: 'read'; readonly member: number; readonly partition: number };
export type GroupStep =
  | { readonly does: 'append'; readonly partition: number; readonly slot: Slot }
  /** The group gives each partition to a member, by number; who is late learns of it some time. */
  | {
      readonly does: 'assign';
      readonly owners: readonly number[];
      readonly late: readonly number[];
    }
  | Reading
  | { readonly does: 'finish'; readonly choice: number }
  | { readonly does: 'reject'; readonly choice: number }
  /** A member learns of its partitions and does all that there is to do. */
  | { readonly does: 'catch up'; readonly member: number }
  /** The server decides on a commit. */
  | { readonly does: 'commit'; readonly lost: boolean }
  /** All timers run out: of the committer's pace and of its waits. */
  | { readonly does: 'wait' }
  /** A process ends, in order or by a kill, and another takes its place. */
  | { readonly does: 'stop'; readonly member: number }
  | { readonly does: 'kill'; readonly member: number };

const member = fc.nat(MEMBERS - 1);
const partition = fc.nat(PARTITIONS - 1);
const slot = fc.oneof(
  { weight: 5, arbitrary: fc.record({ key: fc.constantFrom('a', 'b') }) },
  fc.constantFrom('marker' as const, 'gone' as const),
);
const as = <Name extends string>(name: Name) => fc.constant(name);
const step: fc.Arbitrary<GroupStep> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ does: as('append'), partition, slot }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: as('assign'),
      owners: fc.array(member, { minLength: PARTITIONS, maxLength: PARTITIONS }),
      late: fc.subarray([...Array(MEMBERS).keys()]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: as('rejoin'), member }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: as('fetch'),
      member,
      partition,
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({ does: fc.constantFrom('deliver', 'read', 'read'), member, partition }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constantFrom('finish', 'finish', 'finish', 'finish', 'reject'),
      choice: fc.nat(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: as('catch up'), member }) },
  { weight: 2, arbitrary: fc.record({ does: as('commit'), lost: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ does: as('wait') }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('stop', 'kill'), member }) },
);

export type GroupRun = {
  readonly concurrency: number;
  /** Whether handlers reject of themselves too, which holds their keys until a restart. */
  readonly rejects: boolean;
  readonly onAborts: readonly OnAbort[];
  /** What the partitions hold at first. */
  readonly logs: readonly (readonly Slot[])[];
  readonly steps: readonly GroupStep[];
};

const log = fc.array(slot, { maxLength: 6, size: 'max' });
/** What happens to a group of two members on two partitions. */
export const groupRun: fc.Arbitrary<GroupRun> = fc.record({
  concurrency: fc.integer({ min: 1, max: 4 }),
  rejects: fc.boolean(),
  onAborts: fc.array(fc.constantFrom<OnAbort>('goes on', 'finishes', 'rejects'), {
    minLength: 1,
    maxLength: 4,
  }),
  logs: fc.array(log, {
    minLength: PARTITIONS,
    maxLength: PARTITIONS,
  }),
  steps: fc.array(step, { maxLength: 60, size: 'max' }),
});

const readAt = (does: 'fetch' | 'deliver' | 'read'): GroupStep => ({
  ...{ does, member: 1, partition: 1, count: 1 },
});
const assign = (...owners: number[]): GroupStep => ({ does: 'assign', owners, late: [] });
const twoOfOneKey: readonly Slot[] = [{ key: 'a' }, { key: 'a' }];

/** What once went wrong. */
export const REGRESSIONS: [GroupRun][] = [
  // A batch from before a join, looked at after it, was taken for a log that begins anew.
  [
    ...[readAt('fetch'), readAt('deliver'), readAt('fetch'), assign(0, 1), readAt('deliver')],
    ...[readAt('read'), readAt('read'), readAt('read')],
  ],
  // A place to read on from, left over from an earlier time of owning the partition, hid its messages.
  [readAt('read'), readAt('read'), assign(0, 1), assign(0, 0)],
].map((steps) => [
  { concurrency: 1, rejects: false, onAborts: ['goes on'], logs: [[], twoOfOneKey], steps },
]);
