import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { blobKeys, JobsResponse, knowledgePublished } from '@berkas/contracts';
import { collectEvents, eventually } from '@berkas/messaging/testing';
import type { HealthCheck } from '@berkas/service-kit';
import { addKnowledge, SMALL_KNOWLEDGE } from './testing/knowledge-folder.ts';
import { multipartHead, filePart, openSocket, readUntil } from './testing/raw-request.ts';
import {
  postJson,
  problemOf,
  runGateway,
  uploadForm,
  postUpload,
  type RunningGateway,
} from './testing/running-gateway.ts';

describe('The gateway', () => {
  let gateway: RunningGateway;
  beforeEach(async () => {
    gateway = await runGateway();
  });
  afterEach(() => gateway.dispose());
  const published = () => collectEvents(gateway.bus, knowledgePublished);

  describe('when it starts', () => {
    it('stores and publishes every knowledge document', async () => {
      const events = await published();
      expect(events.map(({ data }) => `${data.kind}/${data.id}`).sort()).toEqual([
        'brief/case-study',
        'job/product-designer',
        'job/product-engineer-backend',
        'rubric/cv-rubric',
        'rubric/project-rubric',
      ]);
      for (const { data } of events) {
        const key = blobKeys.knowledge(data.kind, data.id, data.version);
        const stored = JSON.parse(
          new TextDecoder().decode(await gateway.storage.blobs.get(key)),
        ) as object;
        expect(stored).toMatchObject({ kind: data.kind, id: data.id });
      }
    });

    it('publishes again only what has changed', async () => {
      await gateway.restart();
      expect(await published()).toHaveLength(5);
      await addKnowledge(gateway.knowledgeFolder, {
        'briefs/case-study.md': `${SMALL_KNOWLEDGE['briefs/case-study.md'] ?? ''}Changed.\n`,
      });
      await gateway.restart();
      const events = await published();
      expect(events).toHaveLength(6);
      expect(events.at(-1)?.data).toMatchObject({ kind: 'brief', id: 'case-study' });
    });

    it('fails on broken knowledge without listening', async () => {
      await rm(`${gateway.knowledgeFolder}/rubrics/cv.yaml`);
      await expect(gateway.restart()).rejects.toThrow(/cv_rubric: there is no rubric "cv-rubric"/);
    });

    it('fails when the port is taken', async () => {
      const { port } = new URL(gateway.url);
      const second = runGateway({ config: { port: Number(port) } });
      await expect(second).rejects.toThrow(/Cannot listen on 127\.0\.0\.1:\d+\..* set PORT/);
    });
  });

  it('lists its jobs', async () => {
    const { jobs } = JobsResponse.parse(await (await fetch(`${gateway.url}/jobs`)).json());
    expect(jobs.map(({ id, title }) => ({ id, title }))).toEqual([
      { id: 'product-engineer-backend', title: 'Product Engineer (Backend)' },
      { id: 'product-designer', title: 'Product Designer' },
    ]);
  });

  it('points to its documentation at the root', async () => {
    expect(await (await fetch(gateway.url)).json()).toMatchObject({ api: '/openapi.json' });
  });

  it('answers 404 for an address that it does not have', async () => {
    const response = await fetch(`${gateway.url}/results?name=someone`);
    expect(response.status).toBe(404);
    expect((await problemOf(response)).code).toBe('path_unknown');
  });

  it.each([
    ['GET', '/upload', 'POST'],
    ['DELETE', '/evaluate', 'POST'],
    ['POST', '/jobs', 'GET, HEAD'],
    ['BREW', '/jobs', 'GET, HEAD'],
  ])('answers 405 to %s %s and says what is allowed', async (method, path, allow) => {
    const socket = await openSocket(gateway.url);
    const answer = readUntil(socket, (text) => text.endsWith('}') || text.includes('400 Bad'));
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: berkas\r\nContent-Length: 0\r\n\r\n`);
    const text = await answer;
    socket.destroy();
    // node itself does not know the method BREW.
    if (method === 'BREW') expect(text).toContain('400 Bad Request');
    else expect(text).toMatch(new RegExp(`^HTTP/1.1 405 [^]*\r\nAllow: ${allow}\r\n`, 'u'));
  });

  it('says what an address takes when asked with OPTIONS', async () => {
    const response = await fetch(`${gateway.url}/evaluate`, { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'POST']);
  });

  it('gives a plain request id back and makes one up otherwise', async () => {
    const idFor = async (headers: Record<string, string>): Promise<string | null> =>
      (await fetch(`${gateway.url}/jobs`, { headers })).headers.get('x-request-id');
    expect(await idFor({ 'x-request-id': 'abc-1' })).toBe('abc-1');
    expect(await idFor({ 'x-request-id': 'a b' })).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor({})).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('logs a line a request with the pattern of the route, without names or query', async () => {
    await postUpload(gateway.url, uploadForm({ cvName: 'jane-doe.pdf' }));
    await fetch(`${gateway.url}/result/eval_000000000000000000000000?who=jane-doe`);
    const lines = () => gateway.log.filter((line) => line['msg'] === 'request');
    await eventually(() => lines().length === 2);
    expect(lines()).toMatchObject([
      { method: 'POST', route: '/upload', status: 201 },
      { method: 'GET', route: '/result/:id', status: 404 },
    ]);
    expect(JSON.stringify(gateway.log)).not.toContain('jane-doe');
  });

  describe('health', () => {
    it('is ready once it listens', async () => {
      const response = await fetch(`${gateway.url}/readyz`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ status: 'ok' });
    });

    it('is alive but not ready while something it needs fails', async () => {
      const failed: HealthCheck = { status: 'failed', detail: 'No connection.' };
      const ill = await gateway.restart({ checks: () => ({ bus: failed }) });
      expect((await fetch(`${ill.url}/healthz`)).status).toBe(200);
      const response = await fetch(`${ill.url}/readyz`);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ status: 'degraded', checks: { bus: failed } });
    });

    it('is not ready before it starts and after it stops', async () => {
      await gateway.service.stop();
      expect(Object.values(gateway.service.health())).toMatchObject([{ status: 'failed' }]);
    });
  });

  describe('when it stops', () => {
    it('finishes an upload under way and takes no new connection', async () => {
      const body = `${filePart('cv', 'a.pdf')}%PDF-1\r\n${filePart('project_report', 'b.pdf')}%PDF-1\r\n--the-boundary--\r\n`;
      // In the middle of the first file: one that has arrived whole is no longer on its way.
      const cut = body.indexOf('%PDF-1') + '%PDF-1'.length;
      const socket = await openSocket(gateway.url);
      const answer = readUntil(socket, () => false);
      socket.write(multipartHead(body.length) + body.slice(0, cut));
      await eventually(async () => (await gateway.incomingPdfs()) > 0);
      const stopping = gateway.service.stop();
      await expect(fetch(`${gateway.url}/jobs`)).rejects.toThrow();
      socket.write(body.slice(cut));
      expect(await answer).toMatch(/^HTTP\/1.1 201 /);
      await stopping;
    });

    it('cuts off a request that outlasts the deadline, which leaves nothing behind', async () => {
      const hasty = await gateway.restart({ config: { stopDeadlineMs: 50 } });
      const socket = await openSocket(hasty.url);
      socket.on('error', () => undefined);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(`${multipartHead(9999)}${filePart('cv', 'a.pdf')}%PDF-1`);
      socket.resume();
      await eventually(async () => (await hasty.incomingPdfs()) > 0);
      await hasty.service.stop();
      await closed;
      expect([await hasty.incomingPdfs(), await hasty.storedPdfs()]).toEqual([0, []]);
    });

    it('does not wait for connections that are only kept open', async () => {
      const patient = await gateway.restart({ config: { stopDeadlineMs: 600_000 } });
      const socket = await openSocket(patient.url);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      const answer = readUntil(socket, (text) => text.endsWith('}'));
      socket.write('GET /jobs HTTP/1.1\r\nHost: berkas\r\n\r\n');
      await answer;
      await patient.service.stop();
      await closed;
    });

    it('may be told twice', async () => {
      await Promise.all([gateway.service.stop(), gateway.service.stop()]);
      await expect(postJson(gateway.url, {})).rejects.toThrow();
    });
  });
});
