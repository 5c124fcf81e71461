import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createOwnedPartition,
  createOwnedPartitions,
  type OwnedPartition,
} from './owned-partitions.ts';

type Step =
  | { readonly does: 'read'; readonly bytes: number }
  | { readonly does: 'skip'; readonly by: number }
  /** Of any message read so far. */
  | { readonly does: 'start' | 'finish'; readonly choice: number }
  /** A commit was asked for and is answered; a later answer may come first. */
  | { readonly does: 'ask' }
  | { readonly does: 'answer'; readonly choice: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant('read' as const), bytes: fc.nat(2_000_000) }),
  fc.record({ does: fc.constant('skip' as const), by: fc.integer({ min: -2, max: 4 }) }),
  fc.record({ does: fc.constantFrom('start' as const, 'finish' as const), choice: fc.nat() }),
  fc.constant({ does: 'ask' as const }),
  fc.record({ does: fc.constant('answer' as const), choice: fc.nat() }),
);

type Message = { offset: bigint; bytes: number; started: boolean; finished: boolean };

describe('a partition, however its messages are read, skipped, started, finished and committed', () => {
  it('asks only for what is finished, never for what is committed, and counts what waits', () => {
    const run = fc.record({
      begin: fc.bigInt({ min: 0n, max: 99n }),
      steps: fc.array(step, { maxLength: 40, size: 'max' }),
    });
    fc.assert(
      fc.property(run, ({ begin, steps }) => {
        const partition = createOwnedPartition(0);
        partition.begin(begin);
        const messages: Message[] = [];
        const asked: bigint[] = [];
        let next = begin;
        let committed = begin;
        const choose = <Item>(items: Item[], choice: number): Item | undefined =>
          items[choice % Math.max(1, items.length)];
        for (const taken of steps) {
          if (taken.does === 'read') {
            partition.read(next, taken.bytes);
            messages.push({ offset: next, bytes: taken.bytes, started: false, finished: false });
            next += 1n;
          } else if (taken.does === 'skip') {
            const to = next + BigInt(taken.by);
            partition.skipTo(to);
            if (to > next) next = to;
          } else if (taken.does === 'start') {
            const message = choose(
              messages.filter(({ started }) => !started),
              taken.choice,
            );
            if (message !== undefined) partition.started(message.bytes);
            if (message !== undefined) message.started = true;
          } else if (taken.does === 'finish') {
            const message = choose(
              messages.filter(({ started }) => started),
              taken.choice,
            );
            if (message !== undefined) partition.finished(message.offset);
            if (message !== undefined) message.finished = true;
          } else if (taken.does === 'ask') {
            const position = partition.uncommitted();
            if (position !== undefined) asked.push(position);
          } else {
            const position = choose(asked, taken.choice);
            if (position !== undefined) partition.committed(position);
            if (position !== undefined && position > committed) committed = position;
          }
          const position = messages.find(({ finished }) => !finished)?.offset ?? next;
          expect(partition.uncommitted()).toBe(position > committed ? position : undefined);
          expect(partition.nextToRead()).toBe(next);
          const waiting = messages.filter(({ started }) => !started);
          const bytes = waiting.reduce((sum, message) => sum + message.bytes, 0);
          const isSmall = bytes < 4 * 1024 * 1024;
          expect(partition.hasRoom(waiting.length + 1)).toBe(isSmall);
          expect(partition.hasRoom(waiting.length)).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the partitions of a member, whatever the group assigns', () => {
  it('go on where the same member keeps them, and begin anew in every other case', () => {
    const assignment = fc.record({
      member: fc.constantFrom('m1', 'm2'),
      partitions: fc.subarray([0, 1, 2, 3]),
      restarted: fc.option(fc.nat(3)),
    });
    fc.assert(
      fc.property(fc.array(assignment, { minLength: 1 }), (assignments) => {
        const owned = createOwnedPartitions();
        let before: { member: string; partitions: OwnedPartition[] } | undefined;
        const everOwned = new Set<OwnedPartition>();
        for (const { member, partitions, restarted } of assignments) {
          const answer = owned.assign(member, partitions);
          const stays = before?.member === member;
          const expected = (before?.partitions ?? []).filter(
            ({ partition }) => stays && partitions.includes(partition),
          );
          expect(answer.kept).toEqual(expected);
          for (const kept of answer.kept) expect(owned.get(kept.partition)).toBe(kept);
          const gone = (before?.partitions ?? []).filter((each) => !expected.includes(each));
          expect(new Set(answer.lost)).toEqual(new Set(gone));
          for (const lost of gone) expect(owned.owns(lost)).toBe(false);
          expect(owned.all().map(({ partition }) => partition)).toEqual(partitions);
          for (const each of owned.all()) {
            expect(owned.owns(each)).toBe(true);
            // What was given up once never comes back: its place in the log is not known any more.
            if (!expected.includes(each)) expect(everOwned.has(each)).toBe(false);
            everOwned.add(each);
          }
          const restarting = restarted === null ? undefined : owned.get(restarted);
          if (restarting !== undefined) owned.restart(restarting);
          if (restarting !== undefined) expect(owned.owns(restarting)).toBe(false);
          before = { member, partitions: owned.all() };
          for (const each of owned.all()) everOwned.add(each);
        }
      }),
      { numRuns: 200 },
    );
  });
});
