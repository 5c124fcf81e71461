const COMMIT_EVERY_MS = 100;

/**
 * Runs up to `concurrency` handlers at once on what a member is handed, and commits up to the first
 * unfinished message: a small version of what the project's own subscription does.
 *
 * `onHanded` is told of every message that the client hands out and whether this member had it
 * already; `handle` only gets those that it had not. More than `readAhead` waiting pause the reading.
 */
export async function createMember({ joinGroup, connection, concurrency, handle, ...options }) {
  const { readAhead = Math.max(50, concurrency) } = options;
  const { onHanded = () => undefined, onEvent = () => undefined } = options;
  /** By partition: offsets under way, and the next that is expected. */
  let owned = new Map();
  const waiting = [];
  let underWay = 0;
  let isPaused = false;
  let isClosed = false;

  const startNext = () => {
    while (underWay < concurrency && waiting.length > 0) {
      const { message, partition } = waiting.shift();
      // It waited while its partition went to another member.
      if (owned.get(message.partition) !== partition) continue;
      underWay += 1;
      void handle(message).then(() => {
        underWay -= 1;
        partition.unfinished.delete(message.offset);
        startNext();
      });
    }
    if (!isPaused && waiting.length > readAhead) {
      isPaused = true;
      member.pause();
    } else if (isPaused && waiting.length < readAhead / 2) {
      isPaused = false;
      member.resume();
    }
  };
  const positionOf = ({ unfinished, next }) =>
    unfinished.size === 0 ? next : [...unfinished].reduce((a, b) => (a < b ? a : b));
  const commit = async () => {
    const behind = [...owned].filter(
      ([, partition]) =>
        partition.next !== undefined && positionOf(partition) !== partition.committed,
    );
    if (behind.length === 0) return;
    const positions = behind.map(([number, partition]) => [number, positionOf(partition)]);
    try {
      await member.commit(positions);
      behind.forEach(([, partition], index) => (partition.committed = positions[index][1]));
    } catch (error) {
      onEvent(`not committed: ${error.message}`);
    }
  };
  const commitAndGoOn = async () => {
    await commit();
    if (!isClosed) timer = setTimeout(commitAndGoOn, COMMIT_EVERY_MS);
  };

  const member = await joinGroup({
    ...connection,
    onEvent,
    onAssigned(partitions) {
      owned = new Map(
        partitions.map((number) => [number, owned.get(number) ?? { unfinished: new Set() }]),
      );
      return [...owned].flatMap(([number, { next }]) =>
        next === undefined ? [] : [[number, next]],
      );
    },
    onMessage(message) {
      const partition = owned.get(message.partition);
      const hadIt = partition?.next !== undefined && message.offset < partition.next;
      onHanded(message, hadIt);
      if (partition === undefined || hadIt) return;
      partition.next = message.offset + 1n;
      partition.unfinished.add(message.offset);
      waiting.push({ message, partition });
      startNext();
    },
  });
  let timer = setTimeout(commitAndGoOn, COMMIT_EVERY_MS);

  return {
    pause: () => member.pause(),
    resume: () => member.resume(),
    /** Starts no more, waits for those under way, commits and leaves the group. */
    async leave() {
      waiting.length = 0;
      member.pause();
      while (underWay > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      isClosed = true;
      clearTimeout(timer);
      await commit();
      await member.leave();
    },
  };
}
