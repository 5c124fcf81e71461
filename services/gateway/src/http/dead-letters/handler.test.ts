import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  DeadLetterDetail,
  DeadLettersResponse,
  evaluationRequested,
  readModelCollections,
  RedriveResponse,
  type DeadLetter,
} from '@berkas/contracts';
import { collectEvents } from '@berkas/messaging/testing';
import type { Collection } from '@berkas/storage';
import { documentLetterOf, letterId, letterOf } from '../../testing/dead-letters.ts';
import {
  NOW,
  postJson,
  problemOf,
  runGateway,
  type RunningGateway,
} from '../../testing/running-gateway.ts';

const TOKEN = 'a-token-of-the-tests';

describe('the routes of dead letters', () => {
  let gateway: RunningGateway;
  let letters: Collection<DeadLetter>;
  beforeEach(async () => {
    gateway = await runGateway({ config: { operatorToken: TOKEN } });
    letters = await gateway.storage.documents.collection<DeadLetter>(
      readModelCollections.deadLetters,
    );
  });
  afterEach(() => gateway.dispose());

  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${gateway.url}/dead-letters${path}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
      ...init,
    });
  const post = (path: string): Promise<Response> => call(path, { method: 'POST' });
  const list = async (query = '') => DeadLettersResponse.parse(await (await call(query)).json());
  const idsOf = async (query = ''): Promise<string[]> =>
    (await list(query)).dead_letters.map(({ id }) => id);

  it('list what is open, and what was decided when asked for', async () => {
    await letters.put(letterOf());
    await letters.put(documentLetterOf());
    await letters.put(letterOf({ id: letterId('3'), state: 'dropped', decidedAt: NOW }));
    const { dead_letters: open, ...rest } = await list();
    expect(rest).toEqual({});
    expect(open).toEqual([
      {
        id: letterId('1'),
        state: 'open',
        group: 'cv-evaluator',
        topic: 'berkas.evaluation-prepared.v1',
        type: 'evaluation-prepared',
        evaluationId: letterOf().evaluationId,
        code: 'model_unavailable',
        reason: 'ModelError: The model did not answer.',
        attempts: 8,
        at: '2025-01-15T09:00:00.000Z',
      },
      expect.not.objectContaining({ evaluationId: expect.anything() }),
    ]);
    expect(await idsOf('?state=dropped')).toEqual([letterId('3')]);
    expect(await idsOf('?state=redriven')).toEqual([]);
  });

  it('list them a page at a time, and the last page says that it is', async () => {
    for (const digit of ['1', '2', '3', '4']) await letters.put(letterOf({ id: letterId(digit) }));
    const first = await list('?limit=2');
    expect(first.next).toBe(letterId('2'));
    const second = await list(`?limit=2&after=${String(first.next)}`);
    expect(second.dead_letters.map(({ id }) => id)).toEqual([letterId('3'), letterId('4')]);
    expect(second.next).toBeUndefined();
  });

  it.each([
    ['?state=gone', 'state'],
    ['?limit=0', 'limit'],
    ['?limit=201', 'limit'],
    ['?after=x', 'after'],
    ['/x', 'id'],
  ])('refuse %s, and name the field', async (path, field) => {
    const response = await call(path);
    expect(response.status).toBe(400);
    expect((await problemOf(response)).errors?.map((error) => error.field)).toEqual([field]);
  });

  it('show one with its reason, its stack and its event', async () => {
    await letters.put(letterOf({ unannounced: 'disk_full' }));
    const response = await call(`/${letterId('1')}`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(DeadLetterDetail.parse(await response.json())).toMatchObject({
      stack: '    at complete (model.js:1:1)',
      unannounced: 'disk_full',
      partition: 3,
      offset: '42',
      headers: { ce_id: 'id' },
      event: { evaluationId: letterOf().evaluationId },
    });
  });

  it('show the bytes of an event that is none, in base64', async () => {
    await letters.put(documentLetterOf());
    const detail = DeadLetterDetail.parse(await (await call(`/${letterId('2')}`)).json());
    expect(detail.event).toBe(documentLetterOf().value);
  });

  it('redrive the evaluation that was asked for here', async () => {
    const { cv, project_report } = await gateway.upload();
    const accepted = await postJson(gateway.url, {
      job_title: 'Product Designer',
      cv_id: cv.id,
      project_report_id: project_report.id,
    });
    const { id } = (await accepted.json()) as { id: string };
    await letters.put(letterOf({ evaluationId: id }));
    const response = await post(`/${letterId('1')}/redrive`);
    expect(response.status).toBe(200);
    expect(RedriveResponse.parse(await response.json())).toEqual({
      id: letterId('1'),
      state: 'redriven',
      action: 'evaluation_reopened',
      evaluation_id: id,
      round: 1,
    });
    const [first, second, ...others] = await collectEvents(gateway.bus, evaluationRequested);
    expect(others).toEqual([]);
    expect(first?.data).not.toHaveProperty('round');
    expect(second?.data).toEqual({ ...first?.data, round: 1 });
    expect(await idsOf()).toEqual([]);
    expect(await idsOf('?state=redriven')).toEqual([letterId('1')]);
  });

  it('drop, and answer 409 to whoever decides again', async () => {
    await letters.put(documentLetterOf());
    const response = await post(`/${letterId('2')}/drop`);
    expect(RedriveResponse.parse(await response.json())).toEqual({
      id: letterId('2'),
      state: 'dropped',
      action: 'dropped',
    });
    const again = await post(`/${letterId('2')}/redrive`);
    expect(again.status).toBe(409);
    expect(await problemOf(again)).toMatchObject({
      code: 'dead_letter_settled',
      detail: expect.stringContaining('dropped already'),
    });
  });

  it('say what to do with a letter that cannot be redriven', async () => {
    await letters.put(documentLetterOf({ topic: 'dead-letter.ingest' }));
    const response = await post(`/${letterId('2')}/redrive`);
    expect(response.status).toBe(409);
    expect((await problemOf(response)).detail).toMatch(/Drop it/);
  });

  it.each(['', '/redrive', '/drop'])('answer 404 for an unknown one: %j', async (path) => {
    const response =
      path === '' ? await call(`/${letterId('9')}`) : await post(`/${letterId('9')}${path}`);
    expect(response.status).toBe(404);
    expect((await problemOf(response)).code).toBe('dead_letter_unknown');
  });

  describe('without the token of operators', () => {
    const routes: [string, string][] = [
      ['GET', ''],
      ['GET', `/${letterId('1')}`],
      ['POST', `/${letterId('1')}/redrive`],
      ['POST', `/${letterId('1')}/drop`],
    ];
    it.each(routes)('let nobody in: %s %s', async (method, path) => {
      await letters.put(letterOf());
      for (const authorization of ['', 'Bearer ', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN]) {
        const response = await call(path, { method, headers: { authorization } });
        expect(response.status).toBe(403);
        expect((await problemOf(response)).code).toBe('operator_only');
      }
      expect((await letters.get(letterId('1')))?.state).toBe('open');
    });

    it.each(routes)('and on a server that has none neither: %s %s', async (method, path) => {
      gateway = await gateway.restart({});
      const response = await call(path, { method });
      expect(response.status).toBe(403);
      expect((await problemOf(response)).detail).toMatch(/Set BERKAS_OPERATOR_TOKEN/);
    });
  });
});
