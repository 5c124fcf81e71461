import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

const NAME = 'BerkasStickyAssigner';

export type GroupMemberClaim = {
  readonly memberId: string;
  /** The partitions that the member reads now. */
  readonly partitions: readonly number[];
};

/**
 * Shares partitions out evenly and moves as few as that allows, so that a member that joins or
 * leaves interrupts little work. The same input gives the same answer.
 */
export function assignSticky(
  partitions: readonly number[],
  claims: readonly GroupMemberClaim[],
): Map<string, number[]> {
  const free = new Set([...partitions].sort((left, right) => left - right));
  // Who holds most first, so that those who may keep one more are those who have it.
  const members = [...claims].sort(
    (left, right) =>
      right.partitions.length - left.partitions.length || (left.memberId < right.memberId ? -1 : 1),
  );
  const least = Math.floor(partitions.length / members.length);
  const withOneMore = partitions.length % members.length;
  const shares = members.map(({ memberId, partitions: held }, index) => {
    const size = index < withOneMore ? least + 1 : least;
    const kept = [...new Set(held)].filter((partition) => free.has(partition)).slice(0, size);
    for (const partition of kept) free.delete(partition);
    return { memberId, size, kept };
  });
  const rest = [...free];
  return new Map(
    shares.map(({ memberId, size, kept }) => [
      memberId,
      [...kept, ...rest.splice(0, size - kept.length)].sort((left, right) => left - right),
    ]),
  );
}

/** `held` answers the partitions that this member reads now; it tells them when it joins. */
export function createStickyAssigner(
  topic: string,
  held: () => readonly number[],
): PartitionAssigner {
  return ({ cluster }) => ({
    name: NAME,
    version: 0,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: AssignerProtocol.MemberMetadata.encode({
        version: 0,
        topics,
        userData: Buffer.from(JSON.stringify(held())),
      }),
    }),
    // eslint-disable-next-line @typescript-eslint/require-await -- the library wants a promise
    assign: async ({ members }) => {
      const partitions = cluster
        .findTopicPartitionMetadata(topic)
        .map(({ partitionId }) => partitionId);
      const claims = members.map(({ memberId, memberMetadata }) => ({
        memberId,
        partitions: claimOf(memberMetadata),
      }));
      return [...assignSticky(partitions, claims)].map(([memberId, share]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: 0,
          assignment: { [topic]: share },
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });
}

/** What a member says it holds; nothing if it says so in a way that we do not read. */
function claimOf(memberMetadata: Buffer): number[] {
  try {
    const { userData } = AssignerProtocol.MemberMetadata.decode(memberMetadata) ?? {};
    const claim: unknown = JSON.parse(userData?.toString() ?? '[]');
    return Array.isArray(claim)
      ? claim.filter((item): item is number => Number.isSafeInteger(item))
      : [];
  } catch {
    return [];
  }
}
