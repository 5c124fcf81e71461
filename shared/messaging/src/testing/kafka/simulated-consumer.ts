import type { EachBatchPayload, Kafka, OffsetsByTopicPartition } from 'kafkajs';
import type { KafkaAdmin } from '../../kafka/kafka-admin.ts';
import {
  toLibraryMessage,
  type ClusterMember,
  type SimulatedCluster,
} from './simulated-cluster.ts';

const EVENTS = {
  GROUP_JOIN: 'join',
  FETCH: 'fetch',
  HEARTBEAT: 'heartbeat',
  CRASH: 'crash',
} as const;

type Listener = (event: { payload: unknown }) => void;
type Batch = {
  readonly messages: EachBatchPayload['batch']['messages'];
  first: bigint;
  last: bigint;
};

/**
 * The library's consumer as far as a subscription uses it, moved by the test one step at a time.
 * It keeps what the library keeps: a place to read on from by partition, forgotten when the group
 * is joined anew, and seeks, which outlast that.
 */
export function createSimulatedConsumer(options: { cluster: SimulatedCluster; topic: string }) {
  const { cluster, topic } = options;
  const member: ClusterMember = { id: '', generation: -1 };
  const listeners = new Map<string, Listener[]>();
  const places = new Map<number, bigint>();
  const seeks = new Map<number, bigint>();
  const paused = new Set<number>();
  /** Batches that were answered and are not yet looked at. */
  const fetched = new Map<number, Batch>();
  let busy = new Set<number>();
  let eachBatch: ((payload: EachBatchPayload) => Promise<void>) | undefined;

  const emit = (event: string, payload: unknown): void => {
    for (const listener of listeners.get(event) ?? []) listener({ payload });
  };
  const tellJoined = (): void => {
    places.clear();
    busy = new Set();
    const memberAssignment = { [topic]: cluster.owned(member) };
    emit(EVENTS.GROUP_JOIN, { memberId: member.id, memberAssignment });
  };
  const placeOf = (partition: number): bigint => {
    const seek = seeks.get(partition);
    seeks.delete(partition);
    const place = seek ?? places.get(partition) ?? cluster.committed(partition) ?? 0n;
    places.set(partition, place);
    return place;
  };
  const commit = ({ topics }: OffsetsByTopicPartition): Promise<void> => {
    const positions = topics.flatMap(({ partitions }) =>
      partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const),
    );
    return cluster.commit(member, new Map(positions));
  };
  const payloadOf = (partition: number, { messages, first, last }: Batch) => ({
    batch: {
      ...{ topic, partition, messages },
      firstOffset: () => String(first),
      lastOffset: () => String(last),
    },
    resolveOffset(offset: string) {
      const isLast = offset === messages.at(-1)?.offset;
      places.set(partition, (isLast ? last : BigInt(offset)) + 1n);
    },
    commitOffsetsIfNecessary: commit,
    heartbeat: () => Promise.resolve(),
    isStale: () => seeks.has(partition),
  });

  const consumer = {
    events: EVENTS,
    on: (event: string, listener: Listener) =>
      listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    connect: () => Promise.resolve(),
    subscribe: () => Promise.resolve(),
    run: (running: { eachBatch: typeof eachBatch }) => {
      ({ eachBatch } = running);
      cluster.join(member);
      tellJoined();
      return Promise.resolve();
    },
    seek: ({ partition, offset }: { partition: number; offset: string }) =>
      seeks.set(partition, BigInt(offset)),
    pause: ([{ partitions }]: [{ partitions?: number[] }]) => {
      for (const partition of partitions ?? cluster.owned(member)) paused.add(partition);
    },
    resume: ([{ partitions }]: [{ partitions: number[] }]) => {
      for (const partition of partitions) paused.delete(partition);
    },
    disconnect: () => {
      eachBatch = undefined;
      cluster.leave(member);
      return Promise.resolve();
    },
  };

  return {
    member,
    kafka: { consumer: () => consumer } as unknown as Kafka,
    /** The server answers a fetch; nothing of it is looked at before `deliver`. */
    fetch(partition: number, count: number): void {
      const isReading = eachBatch !== undefined && !cluster.isStale(member);
      if (!isReading || !cluster.owned(member).includes(partition)) return;
      if (paused.has(partition) || busy.has(partition) || fetched.has(partition)) return;
      const from = placeOf(partition);
      const raw = cluster.read(partition, from, count).filter(({ slot }) => slot !== 'gone');
      const messages = raw.flatMap(({ offset, slot }) =>
        typeof slot === 'string' ? [] : [toLibraryMessage(slot.key, offset)],
      );
      const [first, last] = [raw[0]?.offset, raw.at(-1)?.offset];
      if (first === undefined || last === undefined) {
        const end = cluster.end(partition);
        const next = from + BigInt(count);
        places.set(partition, next < end ? next : end);
      } else if (messages.length === 0) {
        // The library passes markers by itself.
        places.set(partition, last + 1n);
      } else {
        fetched.set(partition, { messages, first, last });
      }
    },
    /** The batch is looked at, even one that came before the group was joined anew. */
    deliver(partition: number): void {
      const batch = fetched.get(partition);
      fetched.delete(partition);
      if (batch === undefined || eachBatch === undefined) return;
      const taking = busy;
      taking.add(partition);
      const payload = payloadOf(partition, batch) as unknown as EachBatchPayload;
      const taken = (): void => void taking.delete(partition);
      eachBatch(payload).then(taken, taken);
    },
    /** It learns that the group has changed, if it has, and joins it anew. Answers whether it did. */
    rejoin(): boolean {
      if (eachBatch === undefined || !cluster.isStale(member)) return false;
      cluster.admit(member);
      tellJoined();
      return true;
    },
  };
}
export type SimulatedConsumer = ReturnType<typeof createSimulatedConsumer>;

/** The questions that a subscription asks. */
export const createSimulatedAdmin = (cluster: SimulatedCluster, partitions: number): KafkaAdmin => {
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  const never = (): never => {
    throw new Error('A subscription does not ask this.');
  };
  return {
    ranges: () =>
      Promise.resolve(
        numbers.map((partition) => ({ partition, low: 0n, high: cluster.end(partition) })),
      ),
    committed: () =>
      Promise.resolve(
        new Map(
          numbers.flatMap((partition) => {
            const position = cluster.committed(partition);
            return position === undefined ? [] : [[partition, position] as const];
          }),
        ),
      ),
    offsetsSince: never,
    deleteGroup: never,
    run: never,
    close: () => Promise.resolve(),
  };
};
