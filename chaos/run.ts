import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeAccount, type Account } from './account.ts';
import { createApplicationMaker, type ApplicationMaker } from './applications.ts';
import { runDisturbed } from './disturbed.ts';
import { startEmbedded } from './embedded.ts';
import { readOptions, USAGE, UsageError, type Options, type SystemName } from './options.ts';
import { makeReferences } from './reference.ts';
import { startServers } from './servers.ts';
import { startOnServers } from './stack.ts';
import type { StartSystem } from './system.ts';

/** Pairs of sample documents; all others are these again under a reference of their own. */
const BASES = 9;
const EXIT = { agree: 0, differ: 1, usage: 2, interrupted: 130 } as const;

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (interrupted.signal.aborted) process.exit(EXIT.interrupted);
    interrupted.abort();
  });
}

process.exitCode = await main(process.argv.slice(2));

async function main(parameters: readonly string[]): Promise<number> {
  try {
    const options = readOptions(parameters);
    if (options === undefined) {
      console.log(USAGE);
      return EXIT.agree;
    }
    const maker = await createApplicationMaker(Math.min(BASES, options.evaluations));
    const accounts: Account[] = [];
    for (const name of options.on) {
      accounts.push(await on(name, (start) => chaos(name, start, options, maker)));
    }
    if (options.json !== undefined) {
      await writeFile(options.json, `${JSON.stringify(accounts, null, 2)}\n`);
    }
    const agree = accounts.every(({ differences }) => differences.length === 0);
    return agree ? EXIT.agree : EXIT.differ;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${USAGE}`);
      return EXIT.usage;
    }
    if (interrupted.signal.aborted) return EXIT.interrupted;
    console.error(error);
    return EXIT.differ;
  }
}

async function on<Result>(
  name: SystemName,
  work: (start: StartSystem) => Promise<Result>,
): Promise<Result> {
  if (name === 'embedded') return work(startEmbedded);
  const servers = await startServers();
  try {
    return await work(startOnServers(servers));
  } finally {
    await servers.leave();
  }
}

async function chaos(
  name: SystemName,
  start: StartSystem,
  options: Options,
  maker: ApplicationMaker,
): Promise<Account> {
  const folder = await mkdtemp(join(tmpdir(), 'berkas-chaos-'));
  const print = (line: string): void => console.log(line);
  let agree = false;
  try {
    print(
      `${name}: seed ${options.seed}, ${options.evaluations} evaluations, ${options.minutes} minutes`,
    );
    const { signal } = interrupted;
    const references = await makeReferences({ start, maker, folder, signal });
    print(`undisturbed: ${references.results.size} results to compare with`);
    const account = await runDisturbed({
      ...{ name, start, maker, references, folder, options, signal, print },
    });
    print(`\n${describeAccount(account)}`);
    agree = account.differences.length === 0;
    return account;
  } finally {
    if (agree || interrupted.signal.aborted) await rm(folder, { recursive: true, force: true });
    else print(`The logs of its processes and the books are in ${folder}.`);
  }
}
