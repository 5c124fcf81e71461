import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplicationMaker } from './applications.ts';
import { createClient } from './client.ts';
import { countModelCalls } from './checks/model-calls.ts';
import { createLoad } from './load.ts';
import { startModelProxy } from './model-proxy.ts';
import { createChance } from './random.ts';
import { comparable } from './results.ts';
import type { StartSystem } from './system.ts';

const WITHIN_MS = 300_000;
/** Above all that the disturbed run uses. */
const FIRST_REFERENCE = 999_000;

export type References = {
  /** The comparable result of each base. */
  readonly results: ReadonlyMap<number, string>;
  /** What should not have been, though nothing was broken. */
  readonly complaints: readonly string[];
};

/** What each base comes to on a fresh installation that nobody breaks. Throws where one does not end. */
export async function makeReferences(options: {
  readonly start: StartSystem;
  readonly maker: ApplicationMaker;
  readonly folder: string;
  readonly signal: AbortSignal;
}): Promise<References> {
  const { start, maker } = options;
  const folder = join(options.folder, 'undisturbed');
  await mkdir(folder);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(WITHIN_MS)]);
  const chance = createChance(0);
  const model = await startModelProxy({ chance, timeoutMs: 60_000 });
  const system = await start({ environment: model.environment, folder, isCalm: true });
  try {
    const client = createClient({ urls: system.urls, chance, signal });
    const load = createLoad({ client, chance, signal });
    const applications = Array.from({ length: maker.bases }, (_, base) =>
      maker.make(FIRST_REFERENCE + base, { outcome: 'completed', base }),
    );
    const watched = new AbortController();
    const watching = load.watch(AbortSignal.any([signal, watched.signal]));
    await load.send(applications, 0);
    while (load.closed.size < maker.bases && !signal.aborted) await tick();
    watched.abort();
    await watching;
    const { lost } = countModelCalls(model.answers, []);
    const results = new Map(
      load.accepted.map(({ id, expected }) => {
        const closed = load.closed.get(id);
        if (closed?.status !== 'completed' || expected.outcome !== 'completed') {
          throw new Error(`Undisturbed, ${id} came to: ${JSON.stringify(closed)}`);
        }
        return [expected.base, comparable(closed.result)];
      }),
    );
    const complaints = lost.map(({ about }) => `undisturbed, asked for again: ${about}`);
    return { results, complaints: [...complaints, ...system.complaints()] };
  } finally {
    await system.stop();
    await system.remove();
    await model.stop();
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));
