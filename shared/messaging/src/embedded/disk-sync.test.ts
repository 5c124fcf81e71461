import { describe, expect, it } from '@jest/globals';
import { createDiskSync } from './disk-sync.ts';

/** Syncs that end when the test says so. */
function heldFile() {
  const ends: ((error?: Error) => void)[] = [];
  return {
    ends,
    open: () =>
      Promise.resolve({
        datasync: () =>
          new Promise<void>((resolve, reject) => {
            ends.push((error) => (error === undefined ? resolve() : reject(error)));
          }),
        close: () => Promise.resolve(),
      }),
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('forcing the log to disk', () => {
  it('does not count a sync that began before the call', async () => {
    const file = heldFile();
    const disk = createDiskSync('log', file.open);
    const done: string[] = [];
    void disk.sync().then(() => done.push('first'));
    await settle();
    void disk.sync().then(() => done.push('second'));
    void disk.sync().then(() => done.push('third'));
    await settle();
    expect(file.ends).toHaveLength(1);
    file.ends[0]?.();
    await settle();
    expect(done).toEqual(['first']);
    expect(file.ends).toHaveLength(2);
    file.ends[1]?.();
    await settle();
    expect(done).toEqual(['first', 'second', 'third']);
  });

  it('says that it failed to those who waited for it, and goes on', async () => {
    const file = heldFile();
    const disk = createDiskSync('log', file.open);
    const first = disk.sync();
    await settle();
    const second = disk.sync();
    file.ends[0]?.(new Error('EIO'));
    await expect(first).rejects.toMatchObject({ code: 'bus_unavailable', retryable: true });
    await settle();
    file.ends[1]?.();
    await second;
  });

  it('opens its file anew after a time in which it could not', async () => {
    const file = heldFile();
    let tries = 0;
    const disk = createDiskSync('log', () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('EMFILE')) : file.open();
    });
    await expect(disk.sync()).rejects.toMatchObject({ code: 'bus_unavailable' });
    const second = disk.sync();
    await settle();
    file.ends[0]?.();
    await second;
  });
});
