import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import { eventually } from '../testing/eventually.ts';
import { createKafkaCommitter, type PartitionPosition } from './kafka-committer.ts';
import { createOwnedPartition } from './owned-partitions.ts';

function createFixture() {
  const partition = createOwnedPartition(3);
  partition.begin(0n);
  const committed: PartitionPosition[][] = [];
  const failures: Error[] = [];
  let owned = [partition];
  const committer = createKafkaCommitter({
    owned: () => owned,
    isTransient: (error) => (error as Error).message === 'rebalance',
    logger: createLogger({ level: 'silent' }),
    commit(positions) {
      const failure = failures.shift();
      if (failure !== undefined) return Promise.reject(failure);
      committed.push([...positions]);
      return Promise.resolve();
    },
  });
  const finish = (offset: bigint): void => {
    partition.read(offset, 1);
    partition.finished(offset);
  };
  return { committer, committed, failures, finish, lose: () => (owned = []) };
}

describe('committing positions', () => {
  it('commits what many messages led to at once, and nothing when there is nothing new', async () => {
    const { committer, committed, finish } = createFixture();
    for (const offset of [0n, 1n, 2n]) {
      finish(offset);
      committer.commitSoon();
    }
    await eventually(() => committed.length > 0);
    await committer.flush();
    expect(committed).toEqual([[{ partition: 3, position: 3n }]]);
    committer.close();
  });

  it('never commits for a partition that is no longer owned', async () => {
    const { committer, committed, finish, lose } = createFixture();
    finish(0n);
    lose();
    await committer.flush();
    expect(committed).toEqual([]);
    committer.close();
  });

  it('tries again after a failure, says so meanwhile, and then no longer', async () => {
    const { committer, committed, failures, finish } = createFixture();
    failures.push(new Error('away'));
    finish(0n);
    committer.commitSoon();
    await eventually(() => committer.failure() !== undefined);
    await eventually(() => committed.length === 1);
    expect(committer.failure()).toBeUndefined();
    committer.close();
  });

  it('says so no longer once what could not be committed is another member’s', async () => {
    const { committer, failures, finish, lose } = createFixture();
    failures.push(new Error('away'));
    finish(0n);
    committer.commitSoon();
    await eventually(() => committer.failure() !== undefined);
    lose();
    await committer.flush();
    expect(committer.failure()).toBeUndefined();
    committer.close();
  });

  it('takes a rebalance for no failure, and rejects a flush that cannot commit', async () => {
    const { committer, committed, failures, finish } = createFixture();
    failures.push(new Error('rebalance'));
    finish(0n);
    committer.commitSoon();
    await eventually(() => failures.length === 0);
    expect(committer.failure()).toBeUndefined();
    failures.push(new Error('away'));
    await expect(committer.flush()).rejects.toThrow('away');
    await committer.flush();
    expect(committed).toEqual([[{ partition: 3, position: 1n }]]);
    committer.close();
  });
});
