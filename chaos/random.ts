/** Chance that depends on a seed alone, so that a schedule can be had again. */
export type Chance = {
  /** From 0 up to 1. */
  readonly next: () => number;
  /** From `low` up to `high`. */
  readonly between: (low: number, high: number) => number;
  /** Throws a RangeError where there is nothing to pick. */
  readonly pick: <Item>(items: readonly Item[]) => Item;
  readonly shuffled: <Item>(items: readonly Item[]) => Item[];
};

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  // A Weyl sequence, mixed: short, even enough, and never stuck.
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const pick = <Item>(items: readonly Item[]): Item => {
    const at = Math.floor(next() * items.length);
    if (at >= items.length) throw new RangeError('There is nothing to pick from.');
    return items[at] as Item;
  };
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    pick,
    shuffled: (items) =>
      items
        .map((item) => ({ item, place: next() }))
        .sort((one, other) => one.place - other.place)
        .map(({ item }) => item),
  };
}
