import { describe, expect, it } from '@jest/globals';
import type { Breaker, BreakerState } from './breaker.ts';
import { createFlow } from './flow.ts';

function fakeBreaker(name: string) {
  let state: BreakerState = 'closed';
  const listeners = new Set<(state: BreakerState) => void>();
  const breaker: Breaker & { become(next: BreakerState): void } = {
    name,
    run: (call) => call(),
    state: () => state,
    health: () => ({ status: 'ok', detail: state }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => undefined,
    become(next) {
      state = next;
      listeners.forEach((listener) => listener(next));
    },
  };
  return breaker;
}

describe('the flow of work', () => {
  it('is blocked by every open breaker, and by no half-open one', () => {
    const [index, blobs] = [fakeBreaker('Elasticsearch'), fakeBreaker('MinIO')];
    const flow = createFlow([index, blobs]);
    expect(flow.blockedBy()).toEqual([]);
    index.become('open');
    blobs.become('open');
    expect(flow.blockedBy()).toEqual(['Elasticsearch', 'MinIO']);
    index.become('half_open');
    expect(flow.blockedBy()).toEqual(['MinIO']);
    blobs.become('closed');
    expect(flow.blockedBy()).toEqual([]);
  });

  it('tells only when it stops and when it goes on', () => {
    const [index, blobs] = [fakeBreaker('Elasticsearch'), fakeBreaker('MinIO')];
    const flow = createFlow([index, blobs]);
    const told: number[] = [];
    const stop = flow.onChange(() => told.push(flow.blockedBy().length));
    index.become('open');
    blobs.become('open');
    index.become('half_open');
    index.become('closed');
    expect(told).toEqual([1]);
    blobs.become('half_open');
    expect(told).toEqual([1, 0]);
    stop();
    blobs.become('open');
    expect(told).toEqual([1, 0]);
  });

  it('tells that it goes on also when it was blocked from the beginning', () => {
    const index = fakeBreaker('Elasticsearch');
    index.become('open');
    const flow = createFlow([index]);
    let told = 0;
    flow.onChange(() => (told += 1));
    index.become('half_open');
    expect(told).toBe(1);
  });

  it('is ready once nothing blocks it', async () => {
    const [index, blobs] = [fakeBreaker('Elasticsearch'), fakeBreaker('MinIO')];
    const flow = createFlow([index, blobs]);
    const { signal } = new AbortController();
    await flow.ready(signal);
    index.become('open');
    blobs.become('open');
    let isReady = false;
    const ready = flow.ready(signal).then(() => (isReady = true));
    index.become('closed');
    await new Promise((resolve) => setImmediate(resolve));
    expect(isReady).toBe(false);
    blobs.become('half_open');
    await ready;
  });

  it('ends the wait of whoever no longer wants to wait', async () => {
    const index = fakeBreaker('Elasticsearch');
    index.become('open');
    const flow = createFlow([index]);
    await flow.ready(AbortSignal.abort());
    const controller = new AbortController();
    const waiting = flow.ready(controller.signal);
    controller.abort();
    await waiting;
    expect(flow.blockedBy()).toEqual(['Elasticsearch']);
  });
});
