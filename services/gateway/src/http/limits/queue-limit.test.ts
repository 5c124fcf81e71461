import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serviceStates, type ServiceState, type UploadResponse } from '@berkas/contracts';
import { holdsProblem, multipartHead, openSocket, readUntil } from '../../testing/raw-request.ts';
import {
  NOW,
  postJson,
  postUpload,
  problemOf,
  runGateway,
  uploadForm,
  type RunningGateway,
} from '../../testing/running-gateway.ts';

const KEY = { 'idempotency-key': 'once' };

describe('A queue that is full', () => {
  let gateway: RunningGateway;
  let uploaded: UploadResponse;
  beforeEach(async () => {
    gateway = await runGateway({ config: { maxQueued: 10 } });
  });
  afterEach(() => gateway.dispose());

  /** The clock stands still, and with it what was read: another gateway reads anew. */
  const backlogOf = async (backlog: number): Promise<void> => {
    const states = await gateway.storage.documents.collection<ServiceState>(serviceStates);
    const [service, startedAt, seenAt] = ['ingest', NOW, NOW];
    await states.put({
      ...{ id: 'ingest/1', service, startedAt, seenAt, backlog },
      ...{ away: [], retrying: [] },
    });
    gateway = await gateway.restart();
  };
  const request = () => ({
    job_title: 'Product Engineer (Backend)',
    cv_id: uploaded.cv.id,
    project_report_id: uploaded.project_report.id,
  });

  it('is told to those who ask for an evaluation, and when to try again', async () => {
    uploaded = await gateway.upload();
    await backlogOf(11);
    const response = await postJson(gateway.url, request());
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('30');
    expect(await problemOf(response)).toMatchObject({
      code: 'too_many_queued',
      detail: expect.stringMatching(/^11 wait already, more than the 10 /),
    });
  });

  it('takes what just fits', async () => {
    uploaded = await gateway.upload();
    await backlogOf(10);
    expect((await postJson(gateway.url, request())).status).toBe(202);
  });

  it('answers a repeated request as before', async () => {
    uploaded = await gateway.upload();
    const first = await postJson(gateway.url, request(), KEY);
    await backlogOf(11);
    const repeated = await postJson(gateway.url, request(), KEY);
    expect(repeated.status).toBe(202);
    expect(await repeated.json()).toEqual(await first.json());
    const other = await postJson(gateway.url, { ...request(), job_title: 'Other' }, KEY);
    expect((await problemOf(other)).code).toBe('idempotency_key_reused');
  });

  it('takes no upload, and says so before the files are sent', async () => {
    await backlogOf(11);
    const socket = await openSocket(gateway.url);
    const answer = readUntil(socket, holdsProblem);
    socket.write(multipartHead(100_000));
    expect(await answer).toMatch(/^HTTP\/1.1 429 .*Retry-After: 30\r\n.*"code":"too_many_queued"/s);
    socket.destroy();
  });

  it('answers a repeated upload as before', async () => {
    const first = await postUpload(gateway.url, uploadForm(), KEY);
    await backlogOf(11);
    const repeated = await postUpload(gateway.url, uploadForm(), KEY);
    expect(repeated.status).toBe(201);
    expect(await repeated.json()).toEqual(await first.json());
    const another = await postUpload(gateway.url, uploadForm(), { 'idempotency-key': 'twice' });
    expect(another.status).toBe(429);
  });
});
