import type { KafkaMessage } from 'kafkajs';

/** What stands at an offset: a message, the marker of a transaction, or nothing since compaction. */
export type Slot = { readonly key: string } | 'marker' | 'gone';

export type ClusterMember = {
  /** What the server knows it by; another one once the server took it for dead. */
  id: string;
  /** The generation of the group that it joined last. */
  generation: number;
};

type Commit = {
  readonly member: ClusterMember;
  readonly generation: number;
  readonly positions: ReadonlyMap<number, bigint>;
  settle(error?: Error): void;
};

/** One topic and one group of a cluster, in memory: what the server knows and decides. */
export interface SimulatedCluster {
  append(partition: number, slot: Slot): void;
  /** At most `count` offsets from `from` on. */
  read(partition: number, from: bigint, count: number): { offset: bigint; slot: Slot }[];
  end(partition: number): bigint;
  committed(partition: number): bigint | undefined;
  /** A new member, which changes the group. */
  join(member: ClusterMember): void;
  /** One that learnt of the change: it is of the generation that is. */
  admit(member: ClusterMember): void;
  leave(member: ClusterMember): void;
  /** A new generation: each partition goes to one of the members. Who missed one is taken for dead. */
  assign(ownerOf: (partition: number) => ClusterMember | undefined): void;
  owned(member: ClusterMember): number[];
  isStale(member: ClusterMember): boolean;
  commit(member: ClusterMember, positions: ReadonlyMap<number, bigint>): Promise<void>;
  /** Decides on the oldest commit that waits; its answer may be lost. */
  answerCommit(lost: boolean): boolean;
  /** What no client may do, as it was seen. */
  readonly wrong: string[];
}

const failure = (type: string): Error => Object.assign(new Error(type), { type });

export function createSimulatedCluster(options: {
  partitions: number;
  /** Whether the message there has been handled by anyone. */
  isHandled: (partition: number, offset: bigint) => boolean;
}): SimulatedCluster {
  const { isHandled } = options;
  const logs = Array.from({ length: options.partitions }, (): Slot[] => []);
  const committed = new Map<number, bigint>();
  let owners = new Map<number, ClusterMember | undefined>();
  const members = new Set<ClusterMember>();
  const commits: Commit[] = [];
  const wrong: string[] = [];
  let generation = 0;
  let ids = 0;

  const logOf = (partition: number): Slot[] => {
    const log = logs[partition];
    if (log === undefined) throw new RangeError(`There is no partition ${partition}.`);
    return log;
  };
  const isStale = (member: ClusterMember): boolean => member.generation !== generation;
  const beginGeneration = (): void => {
    for (const member of [...members].filter(isStale)) member.id = `member-${(ids += 1)}`;
    generation += 1;
  };
  const apply = (member: ClusterMember, partition: number, position: bigint): void => {
    if (owners.get(partition) !== member) wrong.push(`${member.id} does not own ${partition}`);
    if (position < (committed.get(partition) ?? 0n)) wrong.push(`${partition} went back`);
    for (const [index, slot] of logOf(partition).entries()) {
      const isMessage = typeof slot !== 'string' && BigInt(index) < position;
      if (isMessage && !isHandled(partition, BigInt(index))) {
        wrong.push(`${partition}/${index} skipped by ${position}`);
      }
    }
    committed.set(partition, position);
  };

  return {
    wrong,
    append: (partition, slot) => void logOf(partition).push(slot),
    read: (partition, from, count) =>
      logOf(partition)
        .map((slot, index) => ({ offset: BigInt(index), slot }))
        .slice(Number(from), Number(from) + count),
    end: (partition) => BigInt(logOf(partition).length),
    committed: (partition) => committed.get(partition),
    join(member) {
      beginGeneration();
      members.add(member);
      member.id = `member-${(ids += 1)}`;
      member.generation = generation;
    },
    admit: (member) => void (member.generation = generation),
    leave(member) {
      members.delete(member);
      owners = new Map([...owners].filter(([, owner]) => owner !== member));
      beginGeneration();
    },
    assign(ownerOf) {
      beginGeneration();
      owners = new Map([...logs.keys()].map((partition) => [partition, ownerOf(partition)]));
    },
    owned: (member) =>
      [...owners].filter(([, owner]) => owner === member).map(([number]) => number),
    isStale,
    commit: (member, positions) =>
      new Promise((resolve, reject) => {
        const settle = (error?: Error): void => (error === undefined ? resolve() : reject(error));
        commits.push({ member, generation: member.generation, positions, settle });
      }),
    answerCommit(lost) {
      const commit = commits.shift();
      if (commit === undefined) return false;
      if (commit.generation !== generation || !members.has(commit.member)) {
        commit.settle(failure('ILLEGAL_GENERATION'));
        return true;
      }
      for (const [partition, position] of commit.positions) {
        apply(commit.member, partition, position);
      }
      commit.settle(lost ? failure('REQUEST_TIMED_OUT') : undefined);
      return true;
    },
  };
}

/** A message as the client's library hands it out. */
export const toLibraryMessage = (key: string, offset: bigint): KafkaMessage => ({
  key: Buffer.from(key),
  value: Buffer.from(key),
  timestamp: '0',
  attributes: 0,
  offset: String(offset),
  headers: {},
});
