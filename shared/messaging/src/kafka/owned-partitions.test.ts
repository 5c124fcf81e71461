import { describe, expect, it } from '@jest/globals';
import { createOwnedPartition, createOwnedPartitions } from './owned-partitions.ts';

describe('a partition while it is owned', () => {
  it('has something to commit once its first message is finished, and only until it is committed', () => {
    const partition = createOwnedPartition(0);
    expect(partition.uncommitted()).toBeUndefined();
    partition.begin(10n);
    for (const offset of [10n, 11n]) partition.read(offset, 1);
    partition.finished(11n);
    expect(partition.uncommitted()).toBeUndefined();
    partition.finished(10n);
    expect(partition.uncommitted()).toBe(12n);
    partition.committed(12n);
    expect(partition.uncommitted()).toBeUndefined();
  });

  it('commits past offsets that hold no messages, but not past unfinished ones', () => {
    const partition = createOwnedPartition(0);
    partition.begin(0n);
    partition.read(0n, 1);
    partition.skipTo(3n);
    expect([partition.nextToRead(), partition.uncommitted()]).toEqual([3n, undefined]);
    partition.finished(0n);
    expect(partition.uncommitted()).toBe(3n);
  });

  it('has room by messages and by bytes that wait, and gains it as they start', () => {
    const partition = createOwnedPartition(0);
    partition.begin(0n);
    partition.read(0n, 10);
    partition.read(1n, 10);
    expect([partition.hasRoom(2), partition.hasRoom(3)]).toEqual([false, true]);
    partition.started(10);
    expect(partition.hasRoom(2)).toBe(true);
    partition.read(2n, 8_000_000);
    expect(partition.hasRoom(100)).toBe(false);
  });

  it('has no room far past an unfinished message', () => {
    const partition = createOwnedPartition(0);
    partition.begin(0n);
    for (let offset = 0n; offset < 10_000n; offset += 1n) {
      partition.read(offset, 0);
      partition.started(0);
      if (offset > 0n) partition.finished(offset);
    }
    expect(partition.hasRoom(50)).toBe(false);
    partition.finished(0n);
    expect(partition.hasRoom(50)).toBe(true);
  });
});

describe('the partitions that a member owns', () => {
  it('stay as they are while the member keeps them', () => {
    const owned = createOwnedPartitions();
    owned.assign('m1', [0, 1]);
    const [zero, one] = owned.all();
    expect(owned.assign('m1', [1, 2])).toEqual({ kept: [one], lost: [zero] });
    expect(owned.get(1)).toBe(one);
    expect(zero && owned.owns(zero)).toBe(false);
  });

  it('begin anew once the group took the member for dead', () => {
    const owned = createOwnedPartitions();
    owned.assign('m1', [0]);
    const [before] = owned.all();
    expect(owned.assign('m2', [0])).toEqual({ kept: [], lost: [before] });
    expect(owned.get(0)).not.toBe(before);
  });

  it('begin anew one by one', () => {
    const owned = createOwnedPartitions();
    owned.assign('m1', [0]);
    const before = owned.get(0);
    if (before === undefined) throw new Error('not owned');
    owned.restart(before);
    expect([owned.owns(before), owned.get(0)?.nextToRead()]).toEqual([false, undefined]);
  });
});
