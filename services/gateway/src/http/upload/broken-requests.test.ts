import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { documentUploaded } from '@berkas/contracts';
import { collectEvents, eventually } from '@berkas/messaging/testing';
import {
  BOUNDARY,
  filePart,
  holdsProblem,
  multipartHead,
  openSocket,
  readUntil,
} from '../../testing/raw-request.ts';
import { runGateway, type RunningGateway } from '../../testing/running-gateway.ts';

const MEBIBYTE = 1024 * 1024;

describe('A broken upload', () => {
  let gateway: RunningGateway;
  const unhandled: unknown[] = [];
  const remember = (reason: unknown): void => void unhandled.push(reason);

  beforeEach(async () => {
    unhandled.length = 0;
    process.on('unhandledRejection', remember);
    gateway = await runGateway({ config: { maxUploadBytes: 4 * MEBIBYTE } });
  });
  afterEach(async () => {
    process.removeListener('unhandledRejection', remember);
    await gateway.dispose();
    expect(unhandled).toEqual([]);
  });

  it('is refused after the first kilobyte of a file that is no PDF, before the rest is sent', async () => {
    const socket = await openSocket(gateway.url);
    const answer = readUntil(socket, holdsProblem);
    socket.write(multipartHead(4 * MEBIBYTE));
    socket.write(filePart('cv', 'cv.pdf') + 'x'.repeat(1100));
    expect(await answer).toContain('"code":"file_not_pdf"');
    socket.destroy();
  });

  it('is refused for what is wrong with it, even where the store is slow to give up', async () => {
    // Then the parser tells first that the file's stream broke off.
    const slow = await gateway.restart({
      blobs: (real) => ({
        ...real,
        put: (key, content) =>
          real.put(key, content).catch(async (error: unknown) => {
            await new Promise((resolve) => setTimeout(resolve, 50));
            throw error;
          }),
      }),
    });
    const file = filePart('cv', 'cv.pdf') + 'x'.repeat(100_000);
    const body = `${file}\r\n--${BOUNDARY}--\r\n`;
    const socket = await openSocket(slow.url);
    const answer = readUntil(socket, holdsProblem);
    socket.write(multipartHead(body.length) + body);
    expect(await answer).toContain('"code":"file_not_pdf"');
    expect(slow.log.filter((line) => line['msg'] === 'request failed')).toEqual([]);
    socket.destroy();
  });

  it('in HTTP itself gets a problem document, and the log holds nothing of its content', async () => {
    const socket = await openSocket(gateway.url);
    const answer = readUntil(socket, holdsProblem);
    const head = multipartHead(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');
    const part = `${filePart('cv', 'cv.pdf')}%PDF-1.7 of a person`;
    socket.write(`${head}${part.length.toString(16)}\r\n${part}\r\nno size\r\n`);
    const text = await answer;
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
    expect(text).toContain('"code":"body_malformed"');
    await eventually(() => gateway.log.some((line) => line['msg'] === 'request'));
    expect(JSON.stringify(gateway.log)).not.toContain('rawPacket');
    expect(gateway.log.filter((line) => line['msg'] === 'request failed')).toEqual([]);
    socket.destroy();
  });

  it('is refused at an unknown part before its content is sent', async () => {
    const socket = await openSocket(gateway.url);
    const answer = readUntil(socket, holdsProblem);
    socket.write(multipartHead(4 * MEBIBYTE) + filePart('photo', 'me.png') + 'x');
    expect(await answer).toContain('"code":"part_unknown"');
    socket.destroy();
  });

  it('lets a client that sends everything before it reads still read the answer', async () => {
    const total = 7 * MEBIBYTE;
    const socket = await openSocket(gateway.url);
    const start = filePart('cv', 'cv.pdf');
    socket.write(multipartHead(total) + start);
    const chunk = Buffer.alloc(64 * 1024, 0x78);
    for (let left = total - start.length; left > 0; left -= chunk.length) {
      const part = left < chunk.length ? chunk.subarray(0, left) : chunk;
      if (!socket.write(part)) await once(socket, 'drain');
    }
    const answer = await readUntil(socket, holdsProblem);
    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
    expect(answer).toContain('"code":"file_not_pdf"');

    // The connection is as good as before.
    const next = readUntil(socket, (text) => text.includes('"jobs"'));
    socket.write('GET /jobs HTTP/1.1\r\nHost: berkas\r\n\r\n');
    expect(await next).toContain('HTTP/1.1 200');
    socket.destroy();
  });

  it('is cut off when it goes on and on after the answer', async () => {
    const socket = await openSocket(gateway.url);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    const answer = readUntil(socket, holdsProblem);
    socket.write(multipartHead(1024 * MEBIBYTE) + filePart('cv', 'cv.pdf'));
    const chunk = Buffer.alloc(256 * 1024, 0x78);
    let sent = 0;
    const sendOn = (): void => {
      do sent += chunk.length;
      while (!socket.destroyed && sent < 1024 * MEBIBYTE && socket.write(chunk));
    };
    socket.on('drain', sendOn);
    sendOn();
    expect(await answer).toContain('"code":"file_not_pdf"');
    await closed;
    expect(sent).toBeLessThan(1024 * MEBIBYTE);
  });

  it('over the limit is refused while it streams, and the file before it is removed', async () => {
    const socket = await openSocket(gateway.url);
    const answer = readUntil(socket, holdsProblem);
    socket.write(multipartHead(64 * MEBIBYTE));
    socket.write(`${filePart('cv', 'cv.pdf')}%PDF-1.7\r\n`);
    socket.write(`${filePart('project_report', 'r.pdf')}%PDF-1.7`);
    socket.write(Buffer.alloc(4 * MEBIBYTE, 0x78));
    expect(await answer).toContain('"code":"file_too_large"');
    expect(await gateway.storedPdfs()).toEqual([]);
    socket.destroy();
  });

  it('that ends without its last boundary is malformed', async () => {
    const body = `${filePart('cv', 'cv.pdf')}%PDF-1.7\r\n${filePart('project_report', 'r.pdf')}%PDF-`;
    const socket = await openSocket(gateway.url);
    const answer = readUntil(socket, holdsProblem);
    socket.write(multipartHead(body.length) + body);
    expect(await answer).toContain('"code":"body_malformed"');
    expect(await gateway.storedPdfs()).toEqual([]);
    socket.destroy();
  });

  it.each([
    ['in the head of a part', `--${BOUNDARY}\r\nContent-Disp`],
    ['in the first file', `${filePart('cv', 'cv.pdf')}%PDF-1.7 and more`],
    [
      'in the second file',
      `${filePart('cv', 'cv.pdf')}%PDF-1.7\r\n${filePart('project_report', 'r.pdf')}%PDF-1.7`,
    ],
  ])('whose client leaves %s leaves nothing behind', async (_where, body) => {
    const socket = await openSocket(gateway.url);
    socket.write(multipartHead(MEBIBYTE) + body);
    await eventually(async () => body.length < 60 || (await gateway.incomingPdfs()) > 0);
    socket.resetAndDestroy();
    await eventually(() => gateway.log.some((line) => line['msg'] === 'request'));
    const left = async (): Promise<number> =>
      (await gateway.incomingPdfs()) + (await gateway.storedPdfs()).length;
    await eventually(async () => (await left()) === 0);
    expect(await collectEvents(gateway.bus, documentUploaded)).toEqual([]);
    expect(gateway.log.filter((line) => line['msg'] === 'request failed')).toEqual([]);
  });
});
