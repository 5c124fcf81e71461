import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findAll } from './find-all.ts';
import { createTemporaryStorage, type TemporaryStorage } from './testing/index.ts';

type Item = { id: string; state: string };

let storage: TemporaryStorage;
beforeEach(async () => {
  storage = await createTemporaryStorage();
});
afterEach(() => storage.dispose());

async function collectionOf(count: number) {
  const items = await storage.documents.collection<Item>({ name: 'items', indexes: ['state'] });
  for (let at = 0; at < count; at += 1) {
    await items.put({ id: String(at), state: at % 2 === 0 ? 'even' : 'odd' });
  }
  return items;
}

describe('finding all', () => {
  it.each([0, 1, 2, 3, 4, 5])('answers each of %i once, over pages of two', async (count) => {
    const items = await collectionOf(count);
    const found: string[] = [];
    for await (const { id } of findAll(items, {}, 2)) found.push(id);
    expect(found).toEqual(Array.from({ length: count }, (_, at) => String(at)));
  });

  it('answers those alone that match, also while they are changed so that they no longer do', async () => {
    const items = await collectionOf(7);
    const found: string[] = [];
    for await (const item of findAll(items, { state: 'even' }, 2)) {
      found.push(item.id);
      await items.put({ ...item, state: 'seen' });
    }
    expect(found).toEqual(['0', '2', '4', '6']);
  });
});
