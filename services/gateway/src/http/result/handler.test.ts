import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  LIVE_RUN,
  readModelCollections,
  ResultResponse,
  serviceStates,
  viewId,
  type EvaluationView,
  type ServiceState,
} from '@berkas/contracts';
import {
  NOW,
  postJson,
  problemOf,
  runGateway,
  type RunningGateway,
} from '../../testing/running-gateway.ts';

describe('GET /result/{id}', () => {
  let gateway: RunningGateway;
  let id: string;
  beforeEach(async () => {
    gateway = await runGateway();
    const { cv, project_report: report } = await gateway.upload();
    const response = await postJson(gateway.url, {
      job_title: 'product designer',
      cv_id: cv.id,
      project_report_id: report.id,
    });
    ({ id } = (await response.json()) as { id: string });
  });
  afterEach(() => gateway.dispose());

  it('is queued while no event about it has been read, and says when to ask again', async () => {
    const response = await fetch(`${gateway.url}/result/${id}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('retry-after')).toBe('1');
    expect(ResultResponse.parse(await response.json())).toEqual({
      id,
      job_title: 'Product Designer',
      requested_at: NOW,
      updated_at: NOW,
      status: 'queued',
      stage: { name: 'reading', waiting_for: ['cv', 'project_report'], since: NOW, held_up: [] },
    });
  });

  it('says what holds it up, by what the services say of themselves', async () => {
    const states = await gateway.storage.documents.collection<ServiceState>(serviceStates);
    const since = '2025-01-15T09:29:00.000Z';
    await states.put({
      id: 'ingest/1',
      service: 'ingest',
      ...{ startedAt: since, seenAt: NOW, retrying: [], backlog: 0 },
      away: [{ name: 'language model', since }],
    });
    // What the first one read of them it keeps, since its clock stands still.
    gateway = await gateway.restart();
    const response = await fetch(`${gateway.url}/result/${id}`);
    expect(ResultResponse.parse(await response.json())).toMatchObject({
      stage: {
        held_up: [
          {
            service: 'ingest',
            reason: 'dependency_away',
            since,
            detail: 'The language model does not answer.',
          },
        ],
      },
    });
  });

  it('shows a failure of the read model with its reason in words', async () => {
    const views = await gateway.storage.documents.collection<EvaluationView>(
      readModelCollections.evaluations,
    );
    await views.put({
      id: viewId(id, LIVE_RUN),
      evaluationId: id,
      run: LIVE_RUN,
      closed: {
        at: '2025-01-15T09:31:00.000Z',
        outcome: 'failed',
        failure: { code: 'pdf_no_text', stage: 'reading', document_kind: 'cv' },
      },
    });
    const response = await fetch(`${gateway.url}/result/${id}`);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(ResultResponse.parse(await response.json())).toMatchObject({
      status: 'failed',
      updated_at: '2025-01-15T09:31:00.000Z',
      error: { code: 'pdf_no_text', reason: expect.stringMatching(/^CV: The PDF opens but/) },
    });
  });

  it('is 404 for an id that nobody was given', async () => {
    const response = await fetch(`${gateway.url}/result/eval_000000000000000000000000`);
    expect(response.status).toBe(404);
    expect((await problemOf(response)).code).toBe('evaluation_unknown');
  });

  it.each(['17', 'doc_000000000000000000000000', '%E0%A4', '..%2f..%2fetc'])(
    'is 400 for %s, which is no evaluation id',
    async (wrong) => {
      const response = await fetch(`${gateway.url}/result/${wrong}`);
      expect(response.status).toBe(400);
      const problem = await problemOf(response);
      expect(problem.code).toBe('field_invalid');
      expect(problem.errors?.map(({ field }) => field)).toEqual(['id']);
    },
  );
});
