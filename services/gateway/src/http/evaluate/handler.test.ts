import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { evaluationRequested, type UploadResponse } from '@berkas/contracts';
import { collectEvents, eventually } from '@berkas/messaging/testing';
import { SMALL_KNOWLEDGE } from '../../testing/knowledge-folder.ts';
import {
  NOW,
  postJson,
  problemOf,
  runGateway,
  type RunningGateway,
} from '../../testing/running-gateway.ts';

const TITLE = 'Product Engineer (Backend)';
const NOBODY = 'doc_000000000000000000000000';

describe('POST /evaluate', () => {
  let gateway: RunningGateway;
  let uploaded: UploadResponse;
  beforeEach(async () => {
    gateway = await runGateway();
    uploaded = await gateway.upload();
  });
  afterEach(() => gateway.dispose());

  const request = (changes: object = {}): object => ({
    job_title: TITLE,
    cv_id: uploaded.cv.id,
    project_report_id: uploaded.project_report.id,
    ...changes,
  });
  const requested = () => collectEvents(gateway.bus, evaluationRequested);
  const idOf = async (response: Response): Promise<string> =>
    ((await response.json()) as { id: string }).id;

  it('accepts at once, says where the result is, and the result is there', async () => {
    const response = await postJson(gateway.url, request());
    expect(response.status).toBe(202);
    const body = (await response.json()) as { id: string };
    expect(body).toEqual({ id: body.id, status: 'queued' });
    expect(response.headers.get('location')).toBe(`/result/${body.id}`);
    expect((await fetch(`${gateway.url}/result/${body.id}`)).status).toBe(200);
  });

  it('publishes the request with the versions that it is judged by', async () => {
    const id = await idOf(await postJson(gateway.url, request()));
    const version = expect.stringMatching(/^[0-9a-f]{16}$/);
    expect((await requested()).map(({ data, time }) => ({ ...data, time }))).toEqual([
      {
        evaluationId: id,
        cvId: uploaded.cv.id,
        projectReportId: uploaded.project_report.id,
        knowledge: {
          job: { id: 'product-engineer-backend', version },
          brief: { id: 'case-study', version },
          cv_rubric: { id: 'cv-rubric', version },
          project_rubric: { id: 'project-rubric', version },
        },
        time: NOW,
      },
    ]);
  });

  it.each([
    '  product   ENGINEER (backend) ',
    'ProductEngineer(Backend)',
    'product-engineer-backend',
  ])('finds the job as %j', async (title) => {
    expect((await postJson(gateway.url, request({ job_title: title }))).status).toBe(202);
  });

  it('names the nearest jobs when there is none of that title', async () => {
    const response = await postJson(gateway.url, request({ job_title: 'Produkt Desiner' }));
    expect(response.status).toBe(422);
    const problem = await problemOf(response);
    expect(problem.code).toBe('job_unknown');
    expect(problem.detail).toMatch(/The nearest: "Product Designer", "Product Engineer/);
  });

  it('names both documents when neither is known', async () => {
    const response = await postJson(
      gateway.url,
      request({ cv_id: NOBODY, project_report_id: NOBODY }),
    );
    expect(response.status).toBe(422);
    const problem = await problemOf(response);
    expect(problem.code).toBe('document_unknown');
    expect(problem.errors?.map(({ field }) => field)).toEqual(['cv_id', 'project_report_id']);
  });

  it('refuses a CV that is given as the report', async () => {
    const response = await postJson(gateway.url, request({ project_report_id: uploaded.cv.id }));
    expect(response.status).toBe(422);
    const problem = await problemOf(response);
    expect(problem.code).toBe('document_wrong_kind');
    expect(problem.errors).toEqual([
      { field: 'project_report_id', message: 'It was uploaded as a CV.' },
    ]);
  });

  it('names every wrong field at once', async () => {
    const response = await postJson(gateway.url, { job_title: ' ', cv_id: 'x', colour: 'blue' });
    expect(response.status).toBe(400);
    const problem = await problemOf(response);
    expect(problem.code).toBe('field_invalid');
    expect(problem.errors?.map(({ field }) => field).sort()).toEqual([
      'colour',
      'cv_id',
      'job_title',
      'project_report_id',
    ]);
    expect(problem.errors).toContainEqual({ field: 'project_report_id', message: 'Required.' });
  });

  it.each([
    ['no JSON', '{"job_title":', {}, 400, 'body_malformed'],
    ['an empty body', '', {}, 400, 'body_malformed'],
    ['a list', '[]', {}, 400, 'field_invalid'],
    ['another content type', '{}', { 'content-type': 'text/plain' }, 415, 'media_type_unsupported'],
    ['a compressed body', '{}', { 'content-encoding': 'gzip' }, 415, 'media_type_unsupported'],
    ['a body over 16 KiB', `"${'x'.repeat(200_000)}"`, {}, 413, 'body_too_large'],
    ['a bad key', '{}', { 'idempotency-key': 'a b' }, 400, 'idempotency_key_invalid'],
  ])('refuses %s', async (_name, body, headers, status, code) => {
    const response = await postJson(gateway.url, body, headers);
    expect(response.status).toBe(status);
    expect((await problemOf(response)).code).toBe(code);
    expect(await requested()).toEqual([]);
  });

  describe('with an Idempotency-Key', () => {
    const key = { 'idempotency-key': 'key-1' };

    it('answers a repeated request with the same id and publishes once', async () => {
      const first = await postJson(gateway.url, request(), key);
      const second = await postJson(gateway.url, request(), key);
      expect([first.status, second.status]).toEqual([202, 202]);
      expect(await idOf(second)).toBe(await idOf(first));
      expect(await requested()).toHaveLength(1);
    });

    it('refuses other content', async () => {
      await postJson(gateway.url, request(), key);
      const other = await postJson(gateway.url, request({ job_title: 'Product Designer' }), key);
      expect(other.status).toBe(409);
      expect((await problemOf(other)).code).toBe('idempotency_key_reused');
    });

    it('makes one evaluation of many at once', async () => {
      const responses = await Promise.all(
        Array.from({ length: 10 }, () => postJson(gateway.url, request(), key)),
      );
      expect(new Set(await Promise.all(responses.map(idOf))).size).toBe(1);
      expect(await requested()).toHaveLength(1);
    });

    it('stands for one request an endpoint: an upload may have the same key', async () => {
      const form = new FormData();
      const response = await fetch(`${gateway.url}/upload`, {
        method: 'POST',
        body: form,
        headers: key,
      });
      expect(response.status).toBe(400);
      expect((await postJson(gateway.url, request(), key)).status).toBe(202);
    });

    it('answers a repeated request as before after its job is gone', async () => {
      const id = await idOf(
        await postJson(gateway.url, request({ job_title: 'Product Designer' }), key),
      );
      const { rm } = await import('node:fs/promises');
      await rm(`${gateway.knowledgeFolder}/jobs/designer.md`);
      const later = await gateway.restart();
      const again = await postJson(later.url, request({ job_title: 'Product Designer' }), key);
      expect(await idOf(again)).toBe(id);
    });
  });

  it('publishes after a restart what was accepted before a crash', async () => {
    const dying = await gateway.restart({
      bus: (real) => ({ ...real, publish: () => new Promise(() => undefined) }),
      config: { stopDeadlineMs: 10 },
    });
    // The process dies between the record and the publishing: no answer ever comes.
    void postJson(dying.url, request(), { 'idempotency-key': 'k' }).catch(() => undefined);
    const records = await gateway.storage.documents.collection<{ id: string; state: string }>({
      name: 'gateway-evaluations',
      indexes: ['state'],
    });
    await eventually(async () => (await records.find()).length === 1);
    expect(await requested()).toEqual([]);

    const next = await dying.restart({});
    const [event] = await requested();
    const [record] = await records.find();
    expect(event?.data.evaluationId).toBe(record?.id);
    expect(record?.state).toBe('published');

    const again = await postJson(next.url, request(), { 'idempotency-key': 'k' });
    expect(await idOf(again)).toBe(record?.id);
    expect(await requested()).toHaveLength(1);
  });

  it('keeps the versions of the time it was accepted', async () => {
    const first = await idOf(await postJson(gateway.url, request()));
    const { addKnowledge } = await import('../../testing/knowledge-folder.ts');
    await addKnowledge(gateway.knowledgeFolder, {
      'briefs/case-study.md': `${SMALL_KNOWLEDGE['briefs/case-study.md'] ?? ''}More.\n`,
    });
    const later = await gateway.restart();
    const second = await idOf(await postJson(later.url, request()));
    const events = await requested();
    const briefOf = (id: string): unknown =>
      events.find(({ data }) => data.evaluationId === id)?.data.knowledge.brief.version;
    expect(briefOf(first)).not.toBe(briefOf(second));
  });
});
