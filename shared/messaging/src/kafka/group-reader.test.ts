import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@berkas/service-kit';
import type { Consumer, Kafka } from 'kafkajs';
import { createGroupReader } from './group-reader.ts';

type Listener = (event: { payload: object }) => void;

/** Consumers whose joins end as told, one after the other; the library tells of a failure by an event. */
function clientWhoseJoins(...outcomes: (Error | 'joined')[]): { kafka: Kafka; made: () => number } {
  let made = 0;
  const consumer = (): Consumer => {
    const outcome = outcomes[Math.min(made, outcomes.length - 1)];
    made += 1;
    const listeners = new Map<string, Listener>();
    return {
      events: { GROUP_JOIN: 'join', FETCH: 'fetch', HEARTBEAT: 'heartbeat', CRASH: 'crash' },
      on: (name: string, listener: Listener) => listeners.set(name, listener),
      connect: () => Promise.resolve(),
      subscribe: () => Promise.resolve(),
      disconnect: () => Promise.resolve(),
      run: () => {
        if (outcome instanceof Error) {
          listeners.get('crash')?.({ payload: { error: outcome, restart: true } });
        } else {
          listeners.get('join')?.({ payload: { memberId: 'm', memberAssignment: { t: [0] } } });
        }
        return Promise.resolve();
      },
    } as unknown as Consumer;
  };
  return { kafka: { consumer } as unknown as Kafka, made: () => made };
}

function readerOf(kafka: Kafka, joined: (partitions: readonly number[]) => void) {
  return createGroupReader({
    kafka,
    logger: createLogger({ level: 'silent' }),
    groupId: 'g:t',
    topic: 't',
    sessionTimeoutMs: 30_000,
    held: () => [],
    listener: {
      onJoined: (_member, partitions) => joined(partitions),
      onBatch: () => Promise.resolve(),
      onAnswer: () => undefined,
      onCrash: () => undefined,
    },
  });
}

const loading = Object.assign(new Error('the coordinator is loading'), {
  type: 'GROUP_LOAD_IN_PROGRESS',
  retriable: true,
});

describe('starting to read as a member of a group', () => {
  it('waits for a coordinator that is still loading', async () => {
    const { kafka, made } = clientWhoseJoins(loading, loading, 'joined');
    const assigned: number[] = [];
    await readerOf(kafka, (partitions) => assigned.push(...partitions)).start();
    expect(assigned).toEqual([0]);
    expect(made()).toBe(3);
  });

  it('does not try again what the server refuses', async () => {
    const refused = Object.assign(new Error('no'), { type: 'GROUP_AUTHORIZATION_FAILED' });
    const { kafka, made } = clientWhoseJoins(refused);
    await expect(readerOf(kafka, () => undefined).start()).rejects.toBe(refused);
    expect(made()).toBe(1);
  });
});
