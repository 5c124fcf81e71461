/** Runs the work after all work under the same key that was handed in before, failed or not. */
export type InTurn = <Answer>(key: string, work: () => Promise<Answer>) => Promise<Answer>;

/** Turns within one process, so that its own writers never contend for a document. */
export function createTurns(): InTurn {
  const lastOf = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const mine = (lastOf.get(key) ?? Promise.resolve()).then(work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    lastOf.set(key, settled);
    void settled.then(() => {
      if (lastOf.get(key) === settled) lastOf.delete(key);
    });
    return mine;
  };
}
