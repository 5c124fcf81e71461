import type { Statement } from './document.ts';
import { createPhraseFinder, phraseList } from './phrases.ts';
import type { Token } from './text.ts';

/** Ways in which documents show one thing. */
export type SignalGroup = {
  readonly name: string;
  /** How a reason names it. */
  readonly label: string;
  /** Phrases of phrases.ts, both languages, comma separated. */
  readonly phrases: string;
};

export type Hit = {
  readonly group: SignalGroup;
  readonly statement: Statement;
  readonly from: number;
  readonly to: number;
};

export type SignalFinder = (statements: readonly Statement[]) => {
  /** Said to be done. */
  readonly shown: Hit[];
  /** Said to be absent, planned or wished for. */
  readonly denied: Hit[];
};

export function createSignalFinder(groups: readonly SignalGroup[]): SignalFinder {
  const find = createPhraseFinder(
    groups.flatMap((group) => phraseList(group.phrases).map((phrase) => [phrase, group] as const)),
  );
  return (statements) => {
    const shown: Hit[] = [];
    const denied: Hit[] = [];
    for (const statement of statements) {
      for (const { value, from, to } of find(statement.tokens)) {
        const hit = { group: value, statement, from, to };
        const isDenied = statement.negated.slice(from, to).some(Boolean);
        (isDenied ? denied : shown).push(hit);
      }
    }
    return { shown, denied };
  };
}

/** Finds any of the phrases: for asking whether, not what. */
export function createWordTest(written: string): (tokens: readonly Token[]) => boolean {
  const find = createPhraseFinder(phraseList(written).map((phrase) => [phrase, true] as const));
  return (tokens) => find(tokens).length > 0;
}

/** The hits by group, each group's in the order of the document. */
export function byGroup(hits: readonly Hit[]): Map<SignalGroup, Hit[]> {
  const groups = new Map<SignalGroup, Hit[]>();
  for (const hit of hits) {
    const sameGroup = groups.get(hit.group);
    if (sameGroup === undefined) groups.set(hit.group, [hit]);
    else sameGroup.push(hit);
  }
  return groups;
}
