import { describe, expect, it } from '@jest/globals';
import { createOwnedPartition } from './owned-partitions.ts';
import { createRoom } from './room.ts';

function createFixture(partitions = 2) {
  const calls: string[] = [];
  let stopping = false;
  let heartbeats = 0;
  const owned = Array.from({ length: partitions }, (_, number) => createOwnedPartition(number));
  const room = createRoom({
    concurrency: 1,
    isStopping: () => stopping,
    reader: {
      pause: (numbers) => calls.push(`pause ${numbers.join()}`),
      resume: (numbers) => calls.push(`resume ${numbers.join()}`),
    },
  });
  room.reassigned(owned);
  calls.length = 0;
  const [first = createOwnedPartition(0)] = owned;
  first.begin(0n);
  return {
    calls,
    room,
    owned,
    first,
    heartbeats: () => heartbeats,
    stop: () => (stopping = true),
    fill: () => {
      for (let offset = 0n; offset < 50n; offset += 1n) first.read(offset, 1);
    },
    start: (count: number) => {
      for (let started = 0; started < count; started += 1) first.started(1);
      room.changed();
    },
    wait: (heartbeat: () => Promise<void> = () => Promise.resolve(void (heartbeats += 1))) =>
      room.waitFor(first, heartbeat),
  };
}

describe('room to read a partition ahead', () => {
  it('is there at first, and again as soon as a waiting message starts', async () => {
    const fixture = createFixture();
    expect(await fixture.wait()).toBe(true);
    fixture.fill();
    const waiting = fixture.wait();
    fixture.start(1);
    expect(await waiting).toBe(true);
    expect(fixture.calls).toEqual([]);
  });

  it('ends with a pause when there is none for a while, with heartbeats meanwhile', async () => {
    const fixture = createFixture();
    fixture.fill();
    expect(await fixture.wait()).toBe(false);
    expect(fixture.calls).toEqual(['pause 0']);
    expect(fixture.heartbeats()).toBeGreaterThan(1);
    fixture.start(10);
    expect(fixture.calls).toEqual(['pause 0']);
    fixture.start(20);
    expect(fixture.calls).toEqual(['pause 0', 'resume 0']);
  });

  it('is not waited for when stopping, or when the partition is read by another', async () => {
    const stopped = createFixture();
    stopped.fill();
    stopped.stop();
    expect(await stopped.wait()).toBe(false);
    const moved = createFixture();
    moved.fill();
    moved.room.reassigned([]);
    expect(await moved.wait()).toBe(false);
    expect([...stopped.calls, ...moved.calls]).toEqual([]);
  });

  it('passes on that the group changes', async () => {
    const fixture = createFixture();
    fixture.fill();
    await expect(fixture.wait(() => Promise.reject(new Error('rebalance')))).rejects.toThrow();
  });

  it('pauses and resumes anew what the group leaves with this member', async () => {
    const fixture = createFixture();
    fixture.fill();
    await fixture.wait();
    fixture.room.reassigned(fixture.owned);
    expect(fixture.calls).toEqual(['pause 0', 'resume 1', 'pause 0']);
  });
});
