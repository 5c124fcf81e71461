import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Collection, DocumentStore } from '../document-store.ts';
import type { ContractFactory, ContractSubject } from './contract-factory.ts';
import { DEFINITION, application, idsOf, type Application } from './document-contract-fixture.ts';

/** That writers at the same time lose nothing of each other, within an adapter and between two. */
export function writersContract(factory: ContractFactory<DocumentStore>): void {
  describe('its writers', () => {
    let subject: ContractSubject<DocumentStore>;
    let applications: Collection<Application>;

    beforeEach(async () => {
      subject = await factory();
      const store = await subject.open();
      applications = await store.collection<Application>(DEFINITION);
    });
    afterEach(() => subject.dispose());

    const openAgain = async (): Promise<Collection<Application>> =>
      (await subject.open()).collection<Application>(DEFINITION);

    describe('insert', () => {
      it('stores a new id and leaves a known one as it is', async () => {
        expect(await applications.insert(application('eval_1', { count: 1 }))).toBe(true);
        expect(await applications.insert(application('eval_1', { count: 2 }))).toBe(false);
        expect((await applications.get('eval_1'))?.count).toBe(1);
      });

      it('answers true to exactly one of many at once', async () => {
        const collections = [applications, await openAgain()];
        const answers = await Promise.all(
          Array.from({ length: 40 }, (_, count) =>
            (collections[count % 2] ?? applications).insert(application('eval_1', { count })),
          ),
        );
        expect(answers.filter(Boolean)).toHaveLength(1);
        expect((await applications.get('eval_1'))?.count).toBe(answers.indexOf(true));
      });
    });

    describe('put', () => {
      it('stores one of many documents of a new id at once, whole', async () => {
        const collections = [applications, await openAgain()];
        await Promise.all(
          Array.from({ length: 40 }, (_, count) =>
            (collections[count % 2] ?? applications).put(
              application('eval_1', { count, job: `job-${count}` }),
            ),
          ),
        );
        const stored = await applications.get('eval_1');
        expect(stored).toStrictEqual(
          application('eval_1', {
            count: stored?.count ?? -1,
            job: `job-${stored?.count ?? -1}`,
          }),
        );
        expect(idsOf(await applications.find({ where: { status: 'queued' } }))).toEqual(['eval_1']);
        expect(idsOf(await applications.find({ where: { job: stored?.job ?? '' } }))).toEqual([
          'eval_1',
        ]);
      });
    });

    describe('modify', () => {
      const increment = (current: Application | undefined): Application =>
        application('counter', { count: (current?.count ?? 0) + 1 });

      it('creates what was not there and answers what is stored then', async () => {
        const stored = await applications.modify('counter', increment);
        expect(stored).toStrictEqual(application('counter', { count: 1 }));
        expect(await applications.get('counter')).toStrictEqual(stored);
      });

      it('sees the current document and keeps the indexes in step', async () => {
        await applications.put(application('eval_1', { status: 'queued', count: 7 }));
        await applications.modify('eval_1', (current) => ({
          ...application('eval_1', { count: (current?.count ?? 0) + 1 }),
          status: 'processing',
        }));
        expect(idsOf(await applications.find({ where: { status: 'queued' } }))).toEqual([]);
        expect(await applications.find({ where: { status: 'processing' } })).toEqual([
          application('eval_1', { status: 'processing', count: 8 }),
        ]);
      });

      it('loses none of 50 increments at once, from two adapters', async () => {
        const collections = [applications, await openAgain()];
        await Promise.all(
          Array.from({ length: 50 }, (_, index) =>
            (collections[index % 2] ?? applications).modify('counter', increment),
          ),
        );
        expect((await applications.get('counter'))?.count).toBe(50);
      });

      it('writes nothing when the change answers its input', async () => {
        await applications.put(application('eval_1', { count: 3 }));
        const answer = await applications.modify('eval_1', (current) => {
          if (current === undefined) throw new Error('It was stored.');
          // Not pure, to see that nothing is written.
          (current as { count: number }).count = 99;
          return current;
        });
        expect(answer.id).toBe('eval_1');
        expect((await applications.get('eval_1'))?.count).toBe(3);
      });

      it('writes nothing when the change throws, and passes its error on', async () => {
        await applications.put(application('eval_1', { count: 3 }));
        const failure = new Error('cannot be joined');
        const failing = applications.modify('eval_1', () => {
          throw failure;
        });
        await expect(failing).rejects.toBe(failure);
        expect((await applications.get('eval_1'))?.count).toBe(3);
        await applications.put(application('eval_2'));
        expect((await applications.get('eval_2'))?.id).toBe('eval_2');
      });

      it('refuses a change of the id', async () => {
        await applications.put(application('eval_1'));
        await expect(
          applications.modify('eval_1', () => application('eval_2')),
        ).rejects.toMatchObject({ code: 'invalid_document' });
        expect(await applications.get('eval_2')).toBeUndefined();
      });

      it('mixes with puts and inserts of other documents', async () => {
        await Promise.all(
          Array.from({ length: 30 }, (_, index) =>
            Promise.all([
              applications.modify('counter', increment),
              applications.insert(application(`inserted_${index}`)),
              applications.put(application(`put_${index}`)),
            ]),
          ),
        );
        expect((await applications.get('counter'))?.count).toBe(30);
        expect(await applications.find({ limit: 1_000 })).toHaveLength(61);
      });
    });
  });
}
