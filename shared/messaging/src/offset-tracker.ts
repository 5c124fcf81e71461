/** Knows how far one partition may be committed while its messages finish in any order. */
export interface OffsetTracker {
  /** A message is read. Offsets come in growing order, gaps allowed; throws a RangeError if not. */
  begin(offset: bigint): void;
  /** A message is done with for good. One that is not under way is ignored. */
  finish(offset: bigint): void;
  /** Where reading must go on after a crash: the first unfinished, else one past the last begun. */
  position(): bigint;
  /** Messages begun at or after the position: what a crash would repeat at most. */
  span(): number;
}

/** `start` is the committed position: the offset of the next message to read. */
export function createOffsetTracker(start: bigint): OffsetTracker {
  // In order of offset, since a Map keeps the order of insertion; the first entry is unfinished.
  const begun = new Map<bigint, { finished: boolean }>();
  let end = start;

  const dropFinished = (): void => {
    for (const [offset, entry] of begun) {
      if (!entry.finished) return;
      begun.delete(offset);
    }
  };

  return {
    begin(offset) {
      if (offset < end) throw new RangeError(`Offset ${offset} comes after ${end - 1n}.`);
      begun.set(offset, { finished: false });
      end = offset + 1n;
    },
    finish(offset) {
      const entry = begun.get(offset);
      if (entry === undefined) return;
      entry.finished = true;
      dropFinished();
    },
    position() {
      const first = begun.keys().next();
      return first.done === true ? end : first.value;
    },
    span: () => begun.size,
  };
}
