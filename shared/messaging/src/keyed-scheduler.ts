/** Decides what may start: items of one key in order, different keys at once, at most N under way. */
export interface KeyedScheduler<Item> {
  add(item: Item): void;
  /** Starts the oldest item that may start; undefined when there is none. */
  next(): Item | undefined;
  /** The item is done with; its key goes on. */
  finish(item: Item): void;
  /** The item ended without being done with: it frees its place, and its key stays held for good. */
  hold(item: Item): void;
  /** Forgets the items that match: those waiting never start, keys held by one of them go on. */
  withdraw(matches: (item: Item) => boolean): void;
  pause(): void;
  resume(): void;
  /** Items added and not started. */
  waiting(): number;
  /** Items started and neither finished nor held. */
  inFlight(): number;
}

export function createKeyedScheduler<Item>(options: {
  concurrency: number;
  keyOf: (item: Item) => string;
}): KeyedScheduler<Item> {
  const { concurrency, keyOf } = options;
  // Oldest first. Kept short by whoever adds, so that looking through it stays cheap.
  let waiting: Item[] = [];
  /** The item that each key is busy with, under way or held. */
  const busyKeys = new Map<string, Item>();
  const started = new Set<Item>();
  let paused = false;

  return {
    add: (item) => void waiting.push(item),
    next() {
      if (paused || started.size >= concurrency) return undefined;
      const index = waiting.findIndex((item) => !busyKeys.has(keyOf(item)));
      if (index === -1) return undefined;
      const [item] = waiting.splice(index, 1) as [Item];
      busyKeys.set(keyOf(item), item);
      started.add(item);
      return item;
    },
    finish(item) {
      if (started.delete(item)) busyKeys.delete(keyOf(item));
    },
    hold: (item) => void started.delete(item),
    withdraw(matches) {
      waiting = waiting.filter((item) => !matches(item));
      for (const [key, item] of busyKeys) {
        if (matches(item) && !started.has(item)) busyKeys.delete(key);
      }
    },
    pause: () => void (paused = true),
    resume: () => void (paused = false),
    waiting: () => waiting.length,
    inFlight: () => started.size,
  };
}
