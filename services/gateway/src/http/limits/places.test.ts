import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@berkas/messaging/testing';
import {
  filePart,
  holdsProblem,
  multipartHead,
  openSocket,
  readUntil,
} from '../../testing/raw-request.ts';
import {
  postJson,
  postUpload,
  problemOf,
  runGateway,
  uploadForm,
  type RunningGateway,
} from '../../testing/running-gateway.ts';
import { listen } from '../server.ts';

describe('Places for requests', () => {
  let gateway: RunningGateway;
  const open = async (config: object): Promise<void> => {
    gateway = await runGateway({ config });
  };
  afterEach(() => gateway.dispose());

  /** An upload that has begun and does not go on. */
  const stuckUpload = async () => {
    const socket = await openSocket(gateway.url);
    socket.write(multipartHead(100_000) + filePart('cv', 'cv.pdf') + '%PDF-1.7\n');
    await eventually(async () => (await gateway.incomingPdfs()) === 1);
    return socket;
  };

  it('answer one upload too many at once, before its body is sent, and serve the rest', async () => {
    await open({ maxConcurrentUploads: 1 });
    const stuck = await stuckUpload();
    const socket = await openSocket(gateway.url);
    const answer = readUntil(socket, holdsProblem);
    socket.write(multipartHead(100_000));
    expect(await answer).toMatch(/^HTTP\/1.1 503 .*Retry-After: 5\r\n.*"code":"overloaded"/s);
    expect((await fetch(`${gateway.url}/jobs`)).status).toBe(200);
    expect((await postJson(gateway.url, {})).status).toBe(400);
    socket.destroy();
    stuck.destroy();
  });

  it('are free again once their request has ended, whatever its end', async () => {
    await open({ maxConcurrentUploads: 1 });
    const upload = async () => (await postUpload(gateway.url, uploadForm())).status;
    expect(await upload()).toBe(201);
    expect((await postUpload(gateway.url, new FormData())).status).toBe(400);
    const stuck = await stuckUpload();
    expect(await upload()).toBe(503);
    stuck.destroy();
    await eventually(async () => (await upload()) === 201);
  });

  it('are none for probes: they are answered while all places are taken', async () => {
    await open({ maxConcurrentRequests: 1 });
    const stuck = await stuckUpload();
    const refused = await fetch(`${gateway.url}/jobs`);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await problemOf(refused)).code).toBe('overloaded');
    for (const path of ['/healthz', '/readyz']) {
      expect((await fetch(gateway.url + path)).status).toBe(200);
    }
    stuck.destroy();
  });

  it('are taken back from clients that do not end their request in time', async () => {
    await open({ maxConcurrentUploads: 2, requestTimeoutMs: 1000 });
    const sockets = await Promise.all([1, 2].map(() => openSocket(gateway.url)));
    const answers = sockets.map((socket) => readUntil(socket, () => false));
    for (const socket of sockets) {
      socket.write(multipartHead(100_000) + filePart('cv', 'cv.pdf') + '%PDF-1.7\n');
    }
    await eventually(async () => (await gateway.incomingPdfs()) === 2);
    expect((await postUpload(gateway.url, uploadForm())).status).toBe(503);
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 408 /);
    await eventually(async () => (await postUpload(gateway.url, uploadForm())).status === 201);
    expect(await gateway.incomingPdfs()).toBe(0);
  });
});

describe('A server', () => {
  it('closes connections beyond those that it may have', async () => {
    const server = await listen(() => Promise.resolve(), {
      host: '127.0.0.1',
      port: 0,
      maxConnections: 1,
      requestTimeoutMs: 20_000,
      stopDeadlineMs: 0,
      onClosing: () => undefined,
    });
    const first = await openSocket(server.url);
    const second = await openSocket(server.url);
    second.resume();
    await once(second, 'close');
    expect(first.readyState).toBe('open');
    first.destroy();
    await server.close();
  });
});
