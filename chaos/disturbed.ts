import { setMaxListeners } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultResponse } from '@berkas/contracts';
import { delay, messageOf } from '@berkas/service-kit';
import type { Account } from './account.ts';
import { expectations, type ApplicationMaker } from './applications.ts';
import { collectKept, type Kept, type Told } from './books.ts';
import { checkModelCalls, countModelCalls } from './checks/model-calls.ts';
import { checkOutcomes } from './checks/outcomes.ts';
import { checkReadModel } from './checks/read-model.ts';
import { checkResults } from './checks/results.ts';
import { checkStores } from './checks/stores.ts';
import { createClient, type Client } from './client.ts';
import { createInjector, modelChoices, type FaultRecord } from './injector.ts';
import { atMost, createLoad, type Load } from './load.ts';
import { startModelProxy, type ModelProxy } from './model-proxy.ts';
import type { Options } from './options.ts';
import { createChance } from './random.ts';
import type { References } from './reference.ts';
import { planFaults, type PlannedFault } from './schedule.ts';
import type { StartSystem, System } from './system.ts';

export type RunOptions = {
  readonly name: string;
  readonly start: StartSystem;
  readonly maker: ApplicationMaker;
  readonly references: References;
  readonly folder: string;
  readonly options: Options;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
};

/** Far above what an answer takes on a busy machine: whoever gives up a call may pay for it twice. */
const MODEL_TIMEOUT_MS = 10_000;
const LOAD_SHARE = 0.9;
/** The longest wait for what is left after the last fault: waits of the retries included. */
const SETTLES_WITHIN_MS = 600_000;
const PROGRESS_EVERY_MS = 10_000;

/** Sends the applications in, breaks the system meanwhile, waits for the end and checks the books. */
export async function runDisturbed(run: RunOptions): Promise<Account> {
  const folder = join(run.folder, 'disturbed');
  await mkdir(folder);
  const chance = createChance(run.options.seed);
  const model = await startModelProxy({ chance, timeoutMs: MODEL_TIMEOUT_MS });
  const system = await run.start({ environment: model.environment, folder, isCalm: false });
  const stopping = { done: false };
  try {
    return await disturb(run, { model, system, stopping });
  } finally {
    if (!stopping.done) await system.stop();
    await system.remove();
    await model.stop();
  }
}

type Parts = { model: ModelProxy; system: System; stopping: { done: boolean } };

async function disturb(run: RunOptions, { model, system, stopping }: Parts): Promise<Account> {
  const { options, maker, print, signal } = run;
  const withinMs = options.minutes * 60_000;
  const startedAt = Date.now();
  const schedule = planFaults({
    chance: createChance(options.seed),
    choices: [...system.choices, ...modelChoices(system.choices.length)],
    count: options.faults,
    withinMs,
  });
  print(describeSchedule(schedule));
  const injector = createInjector({ system, model }, (fault, inFlight) =>
    print(
      `  ${seconds(Date.now() - startedAt)} ${fault.kind} ${fault.target} for ${seconds(fault.lastsMs)}, ${inFlight} model calls under way`,
    ),
  );
  const hardEnd = AbortSignal.any([signal, AbortSignal.timeout(withinMs + SETTLES_WITHIN_MS)]);
  // Each that waits for something listens to it.
  setMaxListeners(0, hardEnd, signal);
  const chance = createChance(options.seed + 1);
  const client = createClient({ urls: system.urls, chance, signal: hardEnd });
  const load = createLoad({ client, chance, signal: hardEnd });
  const watched = new AbortController();
  const progress = setInterval(() => {
    print(progressLine(Date.now() - startedAt, load, injector.records));
  }, PROGRESS_EVERY_MS);
  const expected = expectations(options.evaluations, maker.bases, createChance(options.seed));
  const applications = expected.map((one, index) => maker.make(index, one));
  try {
    const watching = load.watch(AbortSignal.any([hardEnd, watched.signal]));
    await Promise.all([
      injector.run(schedule, signal),
      load.send(applications, withinMs * LOAD_SHARE),
    ]);
    while (load.closed.size < load.accepted.length && !hardEnd.aborted) await delay(200);
    watched.abort();
    await watching;
  } finally {
    clearInterval(progress);
  }
  signal.throwIfAborted();
  // All is mended: whatever is not answered now is not answered.
  const atLast = createClient({
    ...{ urls: system.urls, chance },
    signal: AbortSignal.any([signal, AbortSignal.timeout(LAST_WORDS_WITHIN_MS)]),
  });
  const told = await lastWords(atLast, load);
  const keys = await checkKeys(atLast, load);
  const unaccepted = options.evaluations - load.accepted.length - load.complaints.length;
  const secondsTaken = (Date.now() - startedAt) / 1000;
  await system.stop();
  stopping.done = true;
  print('stopped; reading the books');
  const kept = await collectKept(system);
  await writeBooks(join(run.folder, 'books.json'), { told, kept });
  const modelCalls = countModelCalls(model.answers, injector.records);
  const statuses = [...told.last.values()].map(({ status }) => status);
  return {
    system: run.name,
    seed: options.seed,
    evaluations: options.evaluations,
    accepted: load.accepted.length,
    completed: statuses.filter((status) => status === 'completed').length,
    failed: statuses.filter((status) => status === 'failed').length,
    repeats: client.repeats,
    seconds: secondsTaken,
    faults: injector.records,
    modelFaults: Object.fromEntries(model.injected),
    modelCalls,
    differences: [
      ...run.references.complaints,
      ...load.complaints,
      ...(unaccepted > 0 ? [`${unaccepted} applications were never accepted`] : []),
      ...keys,
      ...system.complaints(),
      ...checkAll(told, kept, run.references.results),
      ...checkModelCalls(modelCalls),
    ],
  };
}

const checkAll = (told: Told, kept: Kept, references: ReadonlyMap<number, string>): string[] => [
  ...checkOutcomes(told, kept),
  ...checkResults(told, kept, references),
  ...checkReadModel(kept),
  ...checkStores(told, kept),
];

/** Asks after everything once more: an answer that was given stays. */
async function lastWords(client: Client, { accepted, closed }: Load): Promise<Told> {
  const last = new Map<string, ResultResponse>();
  await atMost(ASKED_AT_ONCE, accepted, async ({ id }) => {
    for (let tries = 0; tries < LAST_TRIES && !last.has(id); tries += 1) {
      const answer = await client.result(id);
      if (answer !== undefined) last.set(id, answer);
    }
  });
  return { accepted, firstClosed: closed, last };
}

/** The same key and request once more: the same id, whatever has happened since. */
async function checkKeys(client: Client, { accepted }: Load): Promise<string[]> {
  const differences: string[] = [];
  await atMost(ASKED_AT_ONCE, accepted, async ({ id, cvId, projectReportId, key }) => {
    const again = await client.evaluate(cvId, projectReportId, key).catch(messageOf);
    if (typeof again === 'string') differences.push(`${id}: its key is refused now: ${again}`);
    else if (again.id !== id) differences.push(`${id}: its key gives ${again.id} now`);
  });
  return differences;
}

const ASKED_AT_ONCE = 8;
const LAST_TRIES = 5;
const LAST_WORDS_WITHIN_MS = 120_000;

/** Beside the logs, for whoever looks for the reason of a difference. */
const writeBooks = (path: string, books: { told: Told; kept: Kept }): Promise<void> =>
  writeFile(
    path,
    JSON.stringify(books, (_key, value: unknown) =>
      value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value,
    ),
  );

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const describeSchedule = (schedule: readonly PlannedFault[]): string =>
  [
    `${schedule.length} faults:`,
    ...schedule.map(
      ({ kind, target, atMs, lastsMs }) =>
        `  at ${seconds(atMs)}: ${kind} ${target} for ${seconds(lastsMs)}`,
    ),
  ].join('\n');

const progressLine = (tookMs: number, load: Load, faults: readonly FaultRecord[]): string =>
  `${seconds(tookMs)}: ${load.accepted.length} accepted, ${load.closed.size} closed, ${faults.length} faults over`;
