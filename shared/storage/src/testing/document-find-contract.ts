import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Collection, DocumentStore } from '../document-store.ts';
import type { ContractFactory, ContractSubject } from './contract-factory.ts';
import { DEFINITION, application, idsOf, type Application } from './document-contract-fixture.ts';

/** Listings, collections and what is kept when the store is opened again. */
export function findContract(factory: ContractFactory<DocumentStore>): void {
  describe('its collections', () => {
    let subject: ContractSubject<DocumentStore>;
    let store: DocumentStore;
    let applications: Collection<Application>;

    beforeEach(async () => {
      subject = await factory();
      store = await subject.open();
      applications = await store.collection<Application>(DEFINITION);
    });
    afterEach(() => subject.dispose());

    const openAgain = async (): Promise<Collection<Application>> =>
      (await subject.open()).collection<Application>(DEFINITION);

    describe('find', () => {
      it('finds nothing in an empty collection', async () => {
        expect(await applications.find()).toEqual([]);
        expect(await applications.find({ where: { status: 'queued' }, afterId: 'a' })).toEqual([]);
      });

      it('orders by id, by code points', async () => {
        for (const id of ['b', 'é', 'a10', 'B', 'a2', '🌏', '\uffee']) {
          await applications.put(application(id));
        }
        expect(idsOf(await applications.find())).toEqual([
          'B',
          'a10',
          'a2',
          'b',
          'é',
          '\uffee',
          '🌏',
        ]);
      });

      it('holds all conditions together', async () => {
        await applications.put(application('1', { status: 'queued', job: 'backend' }));
        await applications.put(application('2', { status: 'queued', job: 'frontend' }));
        await applications.put(application('3', { status: 'failed', job: 'backend' }));
        const find = async (where: { status?: string; job?: string }): Promise<string[]> =>
          idsOf(await applications.find({ where }));
        expect(await find({ status: 'queued' })).toEqual(['1', '2']);
        expect(await find({ status: 'queued', job: 'backend' })).toEqual(['1']);
        expect(await find({ status: 'QUEUED' })).toEqual([]);
        expect(await find({ job: '%' })).toEqual([]);
        expect(await find({})).toEqual(['1', '2', '3']);
      });

      it('pages through all of 1,000 documents by afterId, each once', async () => {
        const all = Array.from({ length: 1_000 }, (_, index) =>
          application(`eval_${String(index).padStart(4, '0')}`, {
            status: index % 3 === 0 ? 'failed' : 'queued',
          }),
        );
        await Promise.all(all.map((document) => applications.put(document)));
        const pages: Application[] = [];
        for (let turn = 0; turn < 20; turn += 1) {
          const afterId = pages.at(-1)?.id;
          const page = await applications.find({
            where: { status: 'queued' },
            limit: 100,
            ...(afterId === undefined ? {} : { afterId }),
          });
          if (page.length === 0) break;
          pages.push(...page);
        }
        expect(pages).toEqual(all.filter(({ status }) => status === 'queued'));
        expect(await applications.find()).toEqual(all.slice(0, 100));
        expect(await applications.find({ limit: 1_000 })).toHaveLength(1_000);
      });

      it.each([0, -1, 1.5, 1_001, Number.NaN])('refuses the limit %d', async (limit) => {
        await expect(applications.find({ limit })).rejects.toMatchObject({
          code: 'invalid_query',
          retryable: false,
        });
      });

      it('refuses to look by a field that has no index', async () => {
        await expect(applications.find({ where: { extra: 'x' } })).rejects.toMatchObject({
          code: 'invalid_query',
        });
      });
    });

    describe('collections', () => {
      it('of different names do not see each other', async () => {
        const ledger = await store.collection<Application>({ name: 'application', indexes: [] });
        await ledger.put(application('eval_1', { count: 1 }));
        await applications.put(application('eval_1', { count: 2 }));
        await ledger.delete('eval_1');
        expect((await applications.get('eval_1'))?.count).toBe(2);
        expect(await ledger.find()).toEqual([]);
      });

      it('can be asked for repeatedly and at once', async () => {
        const many = await Promise.all(
          Array.from({ length: 5 }, () => store.collection<Application>(DEFINITION)),
        );
        await many[0]?.put(application('eval_1'));
        expect(await many[4]?.get('eval_1')).toEqual(application('eval_1'));
      });

      it('gain an index over the documents they hold', async () => {
        const plain = await store.collection<Application>({ name: 'growing', indexes: [] });
        await plain.put(application('eval_1', { job: 'backend' }));
        const indexed = await store.collection<Application>({ name: 'growing', indexes: ['job'] });
        expect(idsOf(await indexed.find({ where: { job: 'backend' } }))).toEqual(['eval_1']);
      });

      it.each(['', 'Camel', 'with space', 'a"b', '-a', 'a_b', 'x'.repeat(65)])(
        'are refused under the name %j',
        async (collection) => {
          await expect(store.collection({ name: collection, indexes: [] })).rejects.toMatchObject({
            code: 'invalid_collection',
          });
        },
      );
    });

    it('shows what one adapter stored to another at once, and keeps it when opened again', async () => {
      const other = await openAgain();
      await applications.put(application('eval_1', { count: 1 }));
      expect((await other.get('eval_1'))?.count).toBe(1);
      await other.modify('eval_1', () => application('eval_1', { count: 2 }));
      await store.close();
      await store.close();
      const again = await openAgain();
      expect((await again.get('eval_1'))?.count).toBe(2);
      expect(idsOf(await again.find({ where: { job: 'backend' } }))).toEqual(['eval_1']);
    });
  });
}
