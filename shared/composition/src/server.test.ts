import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { BerkasError, createLogger } from '@berkas/service-kit';
import { waitUntil } from './server.ts';

const away = new BerkasError('connection refused.', { code: 'away', retryable: true });
const wrong = new BerkasError('no such user.', { code: 'wrong', retryable: false });

function setUp() {
  const destination = new PassThrough();
  const logged = () => String(destination.read() ?? '');
  const stopping = new AbortController();
  const reasons: (string | undefined)[] = [];
  const options = {
    logger: createLogger({ level: 'info', destination }),
    signal: stopping.signal,
    onWait: (_what: string, reason: string | undefined) => reasons.push(reason),
  };
  return { options, logged, stopping, reasons };
}

describe('waiting for a server', () => {
  it('tries until it answers, and says in the log what it waits for', async () => {
    const { options, logged, reasons } = setUp();
    let tries = 0;
    const answer = await waitUntil(
      'Kafka at 127.0.0.1:9092',
      () => ((tries += 1) < 3 ? Promise.reject(away) : Promise.resolve('there')),
      options,
    );
    expect(answer).toBe('there');
    expect(reasons).toEqual(['connection refused.', 'connection refused.', undefined]);
    const log = logged();
    expect(log).toMatch(
      /Waiting for Kafka at 127\.0\.0\.1:9092: connection refused\. Trying again in [\d.]+ s\./,
    );
    expect(log).toContain('Kafka at 127.0.0.1:9092 is there');
  });

  it('does not wait for what time will not mend', async () => {
    const { options } = setUp();
    await expect(waitUntil('it', () => Promise.reject(wrong), options)).rejects.toBe(wrong);
  });

  it('ends when it is asked to stop', async () => {
    const { options, stopping } = setUp();
    const tried = waitUntil('it', () => Promise.reject(away), options);
    const waitedFor = waitUntil('it', () => new Promise<never>(() => undefined), options);
    stopping.abort();
    for (const waiting of [tried, waitedFor]) {
      await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    }
  });
});
