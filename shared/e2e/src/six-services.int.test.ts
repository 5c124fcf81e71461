import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WORKERS } from '@berkas/contracts';
import { deadLetterTopic } from '@berkas/messaging';
import { collectMessages, eventually } from '@berkas/messaging/testing';
import { openFaultyConnection, type FaultyConnection } from '@berkas/storage/testing';
import { cvs, fixturePath, reports } from '../fixtures/index.ts';
import { createApi } from './api.ts';
import { openBus, removeFolder, temporaryFolder } from './berkas-under-test.ts';
import {
  entryOf,
  ProcessEnded,
  setUpServers,
  startInstallation,
  startProcess,
  startService,
  type Environment,
  type Installation,
  type RunningProcess,
} from './installation.ts';
import { namespaceOf, serverAddresses } from './servers.ts';

const cv = fixturePath(cvs['mid-english'].file);
const report = fixturePath(reports['weak-english'].file);

let folder: string;
let variables: Environment;
beforeAll(async () => {
  folder = await temporaryFolder();
  variables = {
    ...serverAddresses(),
    BERKAS_NAMESPACE: namespaceOf(folder),
    KAFKA_SESSION_TIMEOUT_MS: '6000',
  };
});
afterAll(() => removeFolder(folder));

const urlOf = ({ output }: RunningProcess): string =>
  `http://127.0.0.1:${/"port":(\d+),"msg":"\S+ is ready"/.exec(output.stderr)?.[1] ?? '0'}`;

/** In their order: a service before the set-up, the set-up, all six with a server that goes away. */
describe('a service by itself', () => {
  it('says what it waits for while nothing is set up, and works once it is', async () => {
    const waiting = await startProcess(
      'status',
      [entryOf('status')],
      { PORT: '0', ...variables },
      /Waiting for Kafka at \S+: It has no topic [\s\S]*Run `berkas setup`\. Trying again in [\d.]+ s\./,
    );
    const { stdout } = await setUpServers(variables);
    expect(stdout).toMatch(/^Topics: \d+ made, 0 kept\.\nBucket: \S+ is there\.\nIndex: \S+ made/);
    await eventually(() => waiting.output.stderr.includes('status is ready'));
    expect(await waiting.kill('SIGTERM')).toBe(0);
  });

  it('is set up once: repeating it changes nothing', async () => {
    const { stdout } = await setUpServers(variables);
    expect(stdout).toMatch(/^Topics: 0 made, \d+ kept\.\nBucket: \S+ is there\.\nIndex: \S+ kept/);
  });

  it('names every wrong variable at once and ends with status 2', async () => {
    const started = startService('ingest', { KAFKA_BROKERS: 'nowhere', INGEST_CONCURRENCY: '0' });
    const ended: unknown = await started.catch((error: unknown) => error);
    expect(ended).toBeInstanceOf(ProcessEnded);
    expect(ended).toMatchObject({ status: 2 });
    for (const name of ['KAFKA_BROKERS', 'MINIO_ENDPOINT', 'MONGODB_URL', 'INGEST_CONCURRENCY']) {
      expect((ended as Error).message).toContain(`${name}: `);
    }
  });

  it('ends when it is asked to while it waits for a server', async () => {
    const waiting = await startProcess(
      'status',
      [entryOf('status')],
      { PORT: '0', ...variables, MONGODB_URL: 'mongodb://127.0.0.1:9' },
      /Waiting for MongoDB at/,
    );
    expect(await waiting.kill('SIGTERM')).toBe(0);
  });
});

describe('six services whose blob store goes away', () => {
  let connection: FaultyConnection | undefined;
  let installation: Installation | undefined;
  afterEach(async () => {
    expect(await installation?.kill('SIGTERM')).toBe(0);
    await connection?.dispose();
  });

  it('pause, say so in health and metrics, and finish everything once it is back', async () => {
    const { TOXIPROXY_URL } = process.env;
    if (TOXIPROXY_URL === undefined) throw new Error('Set TOXIPROXY_URL to run on real servers.');
    connection = await openFaultyConnection(TOXIPROXY_URL, variables['MINIO_ENDPOINT'] ?? '');
    installation = await startInstallation({
      ...variables,
      MINIO_ENDPOINT: `http://${connection.address}`,
      STORAGE_TIMEOUT_MS: '1000',
    });
    const api = createApi(installation.url);
    const uploaded = await api.upload(cv, report);
    expect((await api.ended(await api.request(uploaded))).status).toBe('completed');
    const [evaluator] = installation.processes.get('cv-evaluator') ?? [];
    if (evaluator === undefined) throw new Error('There is no CV evaluator.');
    const url = urlOf(evaluator);
    const askEvaluator = async (path: string): Promise<string> =>
      (await fetch(new URL(path, url))).text();

    await connection.cut();
    const ids: string[] = [];
    for (let count = 0; count < 6; count += 1) ids.push(await api.request(uploaded));
    await eventually(async () => /paused while MinIO is away/.test(await askEvaluator('/readyz')));
    expect(await askEvaluator('/readyz')).toMatch(/"status":"degraded".*"MinIO":.*away since/);
    expect(await askEvaluator('/metrics')).toMatch(
      /berkas_breaker_state\{dependency="MinIO",state="(open|half_open)",service="cv-evaluator"\} 1/,
    );

    await connection.heal();
    for (const id of ids) expect((await api.ended(id)).status).toBe('completed');
    await eventually(async () => (await fetch(new URL('/readyz', url))).ok);
    const bus = openBus(folder);
    for (const group of WORKERS) {
      expect(await collectMessages(bus, deadLetterTopic(group))).toEqual([]);
    }
    await bus.close();
  });
});
