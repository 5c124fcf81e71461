import type { Admin, Kafka } from 'kafkajs';
import { KAFKA_RETRY } from './kafka-client.ts';
import { toBusError } from './kafka-errors.ts';

/** The offsets of one partition: the oldest kept, and one past the newest. */
export type PartitionRange = {
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
};

/** Questions about topics and groups, over one connection that is opened when first needed. */
export interface KafkaAdmin {
  ranges(topic: string): Promise<PartitionRange[]>;
  /** The first offset of each partition that was published at or after the time. */
  offsetsSince(topic: string, fromMs: number): Promise<Map<number, bigint>>;
  /** What the group has committed, by partition; nothing for partitions without a commit. */
  committed(groupId: string, topic: string): Promise<Map<number, bigint>>;
  deleteGroup(groupId: string): Promise<void>;
  /** Anything else. Rejects with a `BusError` that names what was being done. */
  run<Result>(doing: string, work: (admin: Admin) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export function createKafkaAdmin(kafka: Kafka): KafkaAdmin {
  let connecting: Promise<Admin> | undefined;

  const connect = async (): Promise<Admin> => {
    const admin = kafka.admin({ retry: KAFKA_RETRY });
    await admin.connect();
    return admin;
  };
  const close = async (): Promise<void> => {
    const leaving = connecting;
    connecting = undefined;
    const admin = await leaving?.catch(() => undefined);
    await admin?.disconnect().catch(() => undefined);
  };
  const run: KafkaAdmin['run'] = async (doing, work) => {
    try {
      return await work(await (connecting ??= connect()));
    } catch (error) {
      // A client whose connection broke does not always recover; the next call opens another.
      void close();
      throw toBusError(error, doing);
    }
  };

  return {
    run,
    close,
    ranges: (topic) =>
      run(`asking for the ends of ${topic}`, async (admin) =>
        (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
          partition,
          low: BigInt(low),
          high: BigInt(high),
        })),
      ),
    offsetsSince: (topic, fromMs) =>
      run(`asking for the offsets of a time in ${topic}`, async (admin) =>
        offsetsByPartition(await admin.fetchTopicOffsetsByTimestamp(topic, Math.max(0, fromMs))),
      ),
    committed: (groupId, topic) =>
      run(`asking for the position of ${groupId}`, async (admin) => {
        const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
        return offsetsByPartition(answer?.partitions ?? []);
      }),
    deleteGroup: (groupId) =>
      run(`deleting the group ${groupId}`, async (admin) => {
        await admin.deleteGroups([groupId]);
      }),
  };
}

function offsetsByPartition(
  entries: readonly { partition: number; offset: string }[],
): Map<number, bigint> {
  const known = entries
    .map(({ partition, offset }): [number, bigint] => [partition, BigInt(offset)])
    .filter(([, offset]) => offset >= 0n);
  return new Map(known);
}
