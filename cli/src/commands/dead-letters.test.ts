import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeadLetterDetail, Problem } from '@berkas/contracts';
import { systemClock } from '@berkas/service-kit';
import { writeServerFile } from '../server-file.ts';
import {
  dropDeadLetters,
  listDeadLetters,
  redriveDeadLetters,
  showDeadLetter,
} from './dead-letters.ts';

const TOKEN = 'a-token-of-the-tests';
const EVALUATION = `eval_${'5'.repeat(24)}`;
const idOf = (digit: string): string => `dl_${digit.repeat(24)}`;

const letterOf = (digit: string, evaluationId?: string): DeadLetterDetail => ({
  id: idOf(digit),
  state: 'open',
  group: 'cv-evaluator',
  topic: 'berkas.evaluation-prepared.v1',
  type: 'evaluation-prepared',
  code: 'model_unavailable',
  reason: 'ModelError: The model did not answer.',
  attempts: 8,
  at: '2025-01-15T09:00:00.000Z',
  ...(evaluationId === undefined ? {} : { evaluationId }),
  partition: 3,
  offset: '42',
  key: 'key',
  headers: {},
  event: { some: 'event' },
});

const problem = (code: Problem['code'], status: number): Problem => ({
  ...{ type: `urn:berkas:problem:${code}`, title: code, status, code },
  detail: `Because of ${code}.`,
});

describe('berkas dead-letters', () => {
  let server: Server;
  let folder: string;
  let url: string;
  let letters: Map<string, DeadLetterDetail>;
  let requests: string[];

  /** As a gateway: one letter a page, and the letters of an evaluation are redriven together. */
  const answer = (method: string, path: string, token: string | undefined): unknown => {
    if (token !== `Bearer ${TOKEN}`) return problem('operator_only', 403);
    const { pathname, searchParams } = new URL(path, 'http://berkas');
    const [, , id, decision] = pathname.split('/');
    if (id === undefined) {
      const state = searchParams.get('state');
      const after = searchParams.get('after') ?? '';
      const found = [...letters.values()].filter((each) => each.state === state && each.id > after);
      const [first, ...others] = found;
      if (first === undefined) return { dead_letters: [] };
      return { dead_letters: [first], ...(others.length > 0 ? { next: first.id } : {}) };
    }
    const letter = letters.get(id);
    if (letter === undefined) return problem('dead_letter_unknown', 404);
    if (method === 'GET') return letter;
    if (letter.state !== 'open') return problem('dead_letter_settled', 409);
    const state = decision === 'drop' ? 'dropped' : 'redriven';
    const { evaluationId } = letter;
    for (const each of letters.values()) {
      const together = state === 'redriven' && evaluationId !== undefined;
      if (each.id === id || (together && each.evaluationId === evaluationId)) {
        letters.set(each.id, { ...each, state });
      }
    }
    if (state === 'dropped') return { id, state, action: 'dropped' };
    return evaluationId === undefined
      ? { id, state, action: 'event_published_again' }
      : { id, state, action: 'evaluation_reopened', evaluation_id: evaluationId, round: 1 };
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berkas-dead-letters-'));
    letters = new Map();
    requests = [];
    server = createServer((req, res) => {
      const { method = '', url: path = '' } = req;
      requests.push(`${method} ${path.split('?')[0] ?? ''}`);
      const body = answer(method, path, req.headers.authorization) as { status?: number };
      res.statusCode = typeof body.status === 'number' ? body.status : 200;
      res.end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await writeServerFile(folder, { url, token: TOKEN });
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const put = (...all: DeadLetterDetail[]): void =>
    all.forEach((each) => letters.set(each.id, each));
  type Io = Parameters<typeof listDeadLetters>[1];
  async function run(
    command: (io: Io) => Promise<number>,
    environment: Record<string, string> = {},
  ) {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const status = await command({
      environment: { BERKAS_DATA_DIR: folder, ...environment },
      stdout,
      stderr,
      clock: systemClock,
      stopRequested: new Promise(() => undefined),
    });
    return {
      status,
      stdout: String(stdout.read() ?? ''),
      stderr: String(stderr.read() ?? ''),
    };
  }
  const found = { server: undefined, token: undefined };
  const list = (options: object = {}, environment: Record<string, string> = {}) =>
    run(
      (io) => listDeadLetters({ ...found, state: 'open', json: false, ...options }, io),
      environment,
    );
  const redrive = (ids: string[], all = false) =>
    run((io) => redriveDeadLetters({ ...found, ids, all }, io));
  const drop = (ids: string[]) => run((io) => dropDeadLetters({ ...found, ids }, io));

  it('lists every page from the server on the data folder, with the token that it made', async () => {
    put(letterOf('1'), letterOf('2', EVALUATION), { ...letterOf('3'), state: 'dropped' });
    const { status, stdout } = await list();
    expect(status).toBe(0);
    expect(stdout).toContain(idOf('1'));
    expect(stdout).toContain(idOf('2'));
    expect(stdout).not.toContain(idOf('3'));
    const asJson = await list({ json: true, state: 'dropped' });
    expect(JSON.parse(asJson.stdout)).toMatchObject([{ id: idOf('3') }]);
  });

  it('says so when there is none', async () => {
    expect((await list()).stdout).toBe('No dead letter is open.\n');
    expect((await list({ json: true })).stdout).toBe('[]\n');
    expect(await redrive([], true)).toMatchObject({
      status: 0,
      stdout: 'No dead letter is open.\n',
    });
  });

  it('shows one, as text or as JSON', async () => {
    put(letterOf('1'));
    const show = (json: boolean) =>
      run((io) => showDeadLetter({ ...found, id: idOf('1'), json }, io));
    expect((await show(false)).stdout).toMatch(/ModelError[\s\S]*"some": "event"/);
    expect(JSON.parse((await show(true)).stdout)).toEqual(letterOf('1'));
  });

  it('redrives those that are named, and tells what was done with each', async () => {
    put(letterOf('1'), letterOf('2', EVALUATION));
    const { status, stdout } = await redrive([idOf('1'), idOf('2')]);
    expect(status).toBe(0);
    expect(stdout).toBe(
      `${idOf('1')} redriven: its event is published again for its group\n` +
        `${idOf('2')} redriven: ${EVALUATION} goes again (round 1)\n`,
    );
  });

  it('redrives all, and takes those of one evaluation for done with the first of them', async () => {
    put(letterOf('1', EVALUATION), letterOf('2', EVALUATION), letterOf('3'));
    const { status, stdout, stderr } = await redrive([], true);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`${idOf('2')} redriven with its evaluation`);
    expect(new Set([...letters.values()].map(({ state }) => state))).toEqual(new Set(['redriven']));
  });

  it('goes on past one that cannot be redriven, names it, and ends with 1', async () => {
    put({ ...letterOf('1'), state: 'dropped' }, letterOf('2'));
    const { status, stdout, stderr } = await redrive([idOf('1'), idOf('9'), idOf('2')]);
    expect(status).toBe(1);
    expect(stderr).toBe(
      `${idOf('1')}: Because of dead_letter_settled. (dead_letter_settled)\n` +
        `${idOf('9')}: Because of dead_letter_unknown. (dead_letter_unknown)\n`,
    );
    expect(stdout).toContain(`${idOf('2')} redriven`);
  });

  it('drops those that are named', async () => {
    put(letterOf('1'), letterOf('2'));
    expect(await drop([idOf('1')])).toMatchObject({ status: 0, stdout: `${idOf('1')} dropped\n` });
    expect((await drop([idOf('1')])).status).toBe(1);
    expect(letters.get(idOf('2'))?.state).toBe('open');
  });

  it.each([
    ['none and not all', [], false],
    ['some and all', [idOf('1')], true],
  ])('refuses to redrive %s', async (_case, ids, all) => {
    await expect(redrive(ids, all)).rejects.toMatchObject({ code: 'usage' });
    expect(requests).toEqual([]);
  });

  it('sends the token of this server to no other', async () => {
    await writeServerFile(folder, { url: 'http://127.0.0.1:1', token: TOKEN });
    await expect(list({ server: url })).rejects.toMatchObject({ code: 'usage' });
    await expect(list({}, { BERKAS_URL: url })).rejects.toMatchObject({ code: 'usage' });
    expect((await list({ server: url, token: TOKEN })).status).toBe(0);
    expect((await list({}, { BERKAS_URL: url, BERKAS_OPERATOR_TOKEN: TOKEN })).status).toBe(0);
  });

  it('ends at once when the token is wrong, however many are named', async () => {
    const attempt = run((io) =>
      redriveDeadLetters({ ...found, token: 'wrong', ids: [idOf('1'), idOf('2')], all: false }, io),
    );
    await expect(attempt).rejects.toMatchObject({
      code: 'usage',
      message: 'Because of operator_only.',
    });
    expect(requests).toHaveLength(1);
  });

  it('says how to name a server when there is none', async () => {
    const missing = list({}, { BERKAS_DATA_DIR: join(folder, 'nothing') });
    await expect(missing).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('--server'),
    });
  });
});
