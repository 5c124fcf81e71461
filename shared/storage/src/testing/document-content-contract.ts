import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Collection, DocumentStore } from '../document-store.ts';
import { StorageError } from '../storage-error.ts';
import type { ContractFactory, ContractSubject } from './contract-factory.ts';
import { DEFINITION, application, type Application } from './document-contract-fixture.ts';

/** That a document comes back as it was stored, under its id. */
export function contentContract(factory: ContractFactory<DocumentStore>): void {
  describe('its documents', () => {
    let subject: ContractSubject<DocumentStore>;
    let applications: Collection<Application>;

    beforeEach(async () => {
      subject = await factory();
      const store = await subject.open();
      applications = await store.collection<Application>(DEFINITION);
    });
    afterEach(() => subject.dispose());

    describe('one document', () => {
      it('is absent until it is stored, and after it is deleted', async () => {
        expect(await applications.get('eval_1')).toBeUndefined();
        await applications.put(application('eval_1'));
        expect(await applications.get('eval_1')).toEqual(application('eval_1'));
        await applications.delete('eval_1');
        await applications.delete('eval_1');
        expect(await applications.get('eval_1')).toBeUndefined();
      });

      it('comes back exactly as it was stored', async () => {
        const document = application('eval_ä/🌏', {
          status: '"quoted" \\ \n\t \u0000 \u2028 \'); DROP TABLE x; --',
          job: 'Insinyur Perangkat Lunak – Bahasa Indonesia, العربية, 日本語, e\u0301, 👩‍💻',
          count: -1234567.000125,
          extra: {
            nothing: null,
            yes: true,
            empty: '',
            list: [1, 'two', null, [], {}, [[0.1]]],
            largest: Number.MAX_SAFE_INTEGER,
            tiny: 5e-324,
            'a key with spaces ✓': { id: 'not the id' },
            date: '2026-01-31T23:59:59.999Z',
          },
        });
        await applications.put(document);
        expect(await applications.get('eval_ä/🌏')).toStrictEqual(document);
        expect(await applications.find({ where: { job: document.job } })).toStrictEqual([document]);
      });

      it('comes back with keys that mean something to a database', async () => {
        const extra = JSON.parse(
          '{"b":1,"a":2,"10":3,"":0,"$set":{"x.y":1},"a.b.c":[{"$oid":"1"}],"_id":"x",' +
            '"$where":"1","revision":7,"body":"{}","__proto__":{"polluted":true},"broken":"\\ud800"}',
        ) as unknown;
        await applications.put(application('eval_1', { extra }));
        const read = await applications.get('eval_1');
        expect(JSON.stringify(read?.extra)).toBe(JSON.stringify(extra));
        expect((await applications.find()).map((found) => JSON.stringify(found.extra))).toEqual([
          JSON.stringify(extra),
        ]);
      });

      it('comes back without what JSON leaves out', async () => {
        const extra = { kept: null, gone: undefined, list: [undefined, 1], date: new Date(0) };
        await applications.put(application('eval_1', { extra }));
        expect((await applications.get('eval_1'))?.extra).toStrictEqual({
          kept: null,
          list: [null, 1],
          date: '1970-01-01T00:00:00.000Z',
        });
        const stored = await applications.modify('eval_1', (current) =>
          application('eval_1', { ...current, extra: { gone: undefined } }),
        );
        expect(stored.extra).toStrictEqual({});
      });

      it('of a megabyte comes back whole', async () => {
        const document = application('large', { extra: 'kata '.repeat(200_000) });
        await applications.put(document);
        expect(await applications.get('large')).toStrictEqual(document);
      });

      it('is replaced by put, fields that are gone included', async () => {
        await applications.put(application('eval_1', { extra: 'old', status: 'queued' }));
        await applications.put(application('eval_1', { status: 'completed' }));
        expect(await applications.get('eval_1')).toStrictEqual(
          application('eval_1', { status: 'completed' }),
        );
        expect(await applications.find({ where: { status: 'queued' } })).toEqual([]);
      });

      it('is not changed by what is done to the object afterwards', async () => {
        const list = ['stored'];
        await applications.put(application('eval_1', { extra: list }));
        list.push('later');
        const read = await applications.get('eval_1');
        (read?.extra as string[]).push('on the copy');
        expect((await applications.get('eval_1'))?.extra).toEqual(['stored']);
      });

      it.each(['', 'a\u0000b', 'a\ud800', 'x'.repeat(513)])(
        'is refused under the id %j',
        async (id) => {
          const refusal = { code: 'invalid_document', retryable: false };
          await expect(applications.put(application(id))).rejects.toMatchObject(refusal);
          await expect(applications.insert(application(id))).rejects.toMatchObject(refusal);
          await expect(applications.get(id)).rejects.toBeInstanceOf(StorageError);
          await expect(applications.modify(id, () => application(id))).rejects.toMatchObject(
            refusal,
          );
        },
      );

      it('is told from one whose id differs in case or accents', async () => {
        const ids = ['eval', 'EVAL', 'évàl', 'eval '];
        for (const id of ids) expect(await applications.insert(application(id))).toBe(true);
        for (const id of ids) expect((await applications.get(id))?.id).toBe(id);
      });
    });
  });
}
