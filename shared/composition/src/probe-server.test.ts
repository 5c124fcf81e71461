import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createMetrics, type HealthCheck } from '@berkas/service-kit';
import { startProbeServer } from './probe-server.ts';

let server: Awaited<ReturnType<typeof startProbeServer>>;
let own: HealthCheck;
const ask = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);

beforeEach(async () => {
  own = { status: 'ok', detail: 'reading' };
  const ownChecks = () => ({ 'status:a': own });
  server = await startProbeServer({
    host: '127.0.0.1',
    port: 0,
    ownChecks,
    otherChecks: () => ({}),
    metrics: createMetrics({ service: 'status', breakers: () => [], checks: ownChecks }),
  });
});
afterEach(() => server.close());

it('is alive whatever its checks say, and ready when they are well', async () => {
  expect((await ask('/readyz')).status).toBe(200);
  own = { status: 'failed', detail: 'cannot commit' };
  expect((await ask('/healthz')).status).toBe(200);
  const response = await ask('/readyz');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({
    status: 'unavailable',
    checks: { 'status:a': { detail: 'cannot commit' } },
  });
});

it('gives its metrics to Prometheus', async () => {
  own = { status: 'failed', detail: 'cannot commit' };
  const response = await ask('/metrics');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(await response.text()).toContain(
    'berkas_check_failed{check="status:a",service="status"} 1',
  );
});

it('says what it has where there is nothing', async () => {
  for (const path of ['/', '//', '//?', '/constructor']) {
    const response = await ask(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('/readyz');
  }
});

it('says what to do when the port is taken', async () => {
  const second = startProbeServer({
    host: '127.0.0.1',
    port: server.port,
    ownChecks: () => ({}),
    otherChecks: () => ({}),
    metrics: createMetrics({ service: 'status', breakers: () => [], checks: () => ({}) }),
  });
  await expect(second).rejects.toThrow(/Another program listens there.*PORT/);
});
