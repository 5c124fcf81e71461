/** The life of a process whose death may come at any of its steps. */
export interface MortalProcess {
  /** Resolves when it is this step's turn; if the process is dead by then, it goes no further. */
  step(label: string): Promise<void>;
  die(): void;
  isDead(): boolean;
  onDeath(listener: () => void): void;
}

/**
 * `turn` resolves when a step may be taken. A dead process's work waits for ever, unless `afterDeath`
 * rejects so that what it holds can be closed.
 */
export function createMortalProcess(
  turn: (label: string) => Promise<unknown>,
  afterDeath: () => Promise<void> = () => new Promise(() => undefined),
): MortalProcess {
  const listeners: (() => void)[] = [];
  let dead = false;
  return {
    async step(label) {
      await turn(label);
      if (dead) await afterDeath();
    },
    die() {
      if (dead) return;
      dead = true;
      for (const listener of listeners) listener();
    },
    isDead: () => dead,
    onDeath: (listener) => void listeners.push(listener),
  };
}
