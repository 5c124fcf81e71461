import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { screenCommand } from './screen.ts';

const ID = 'eval_5b0e7f3a9c2d41e8867f0a1b';
const document = (digit: string) => ({
  id: `doc_${digit.repeat(24)}`,
  filename: 'x.pdf',
  bytes: 1,
  sha256: digit.repeat(64),
});
const UPLOADED = { cv: document('1'), project_report: document('2') };

describe('A screening that is interrupted', () => {
  let folder: string;
  let server: Server;
  let stopRequested: Promise<NodeJS.Signals>;

  /** Accepts everything and never answers how the evaluation goes. */
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berkas-screen-'));
    await writeFile(join(folder, 'x.pdf'), '%PDF-1.7');
    let interrupt: (signal: NodeJS.Signals) => void = () => undefined;
    stopRequested = new Promise((resolve) => {
      interrupt = resolve;
    });
    server = createServer((req, res) => {
      req.resume();
      if (req.url === '/upload') res.end(JSON.stringify(UPLOADED));
      else if (req.url === '/evaluate') res.end(JSON.stringify({ id: ID, status: 'queued' }));
      else interrupt('SIGINT');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('ends without waiting for the server, and says what becomes of the evaluation', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const path = join(folder, 'x.pdf');
    const stream = (): NodeJS.WriteStream => new PassThrough() as unknown as NodeJS.WriteStream;
    const screening = screenCommand(
      { cvPath: path, projectReportPath: path, jobTitle: 'Any', serverUrl: url, json: false },
      {
        environment: { BERKAS_DATA_DIR: folder },
        stdout: stream(),
        stderr: stream(),
        stopRequested,
      },
    );
    await expect(screening).rejects.toMatchObject({
      code: 'interrupted',
      message: `Stopped waiting. What was accepted goes on at ${url}.`,
    });
  });
});
