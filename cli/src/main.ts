import { DeadLetterState } from '@berkas/contracts';
import { BerkasError, ConfigError, SERVICE_VERSION, systemClock } from '@berkas/service-kit';
import { Command, CommanderError, Option } from 'commander';
import {
  dropDeadLetters,
  listDeadLetters,
  redriveDeadLetters,
  showDeadLetter,
} from './commands/dead-letters.ts';
import { modelCommand } from './commands/model.ts';
import { screenCommand } from './commands/screen.ts';
import { setUpCommand } from './commands/set-up.ts';
import { upCommand } from './commands/up.ts';
import { EXIT, Interrupted, UsageError } from './exit.ts';

const { env: environment, stdout, stderr } = process;

/**
 * The first signal asks for an orderly stop; a second one ends the process at once. The listeners
 * stay for that: the spinner's own ends the process as soon as it finds itself alone.
 */
const stopRequested = () =>
  new Promise<NodeJS.Signals>((resolve) => {
    let asked = false;
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (asked) process.exit(EXIT.interrupted);
        asked = true;
        resolve(name);
      });
    }
  });

const program = new Command('berkas')
  .description('Screens job applications: CV and project report in, scores with evidence out.')
  .version(SERVICE_VERSION)
  .exitOverride();

program
  .command('up')
  .description('run all six services in this process')
  .action(async () => {
    process.exitCode = await upCommand({ environment, stdout, stopRequested: stopRequested() });
  });

program
  .command('setup')
  .description('make what the services need on Kafka, MinIO and Elasticsearch; safe to repeat')
  .action(async () => {
    process.exitCode = await setUpCommand({ environment, stdout, stopRequested: stopRequested() });
  });

program
  .command('model')
  .description('serve the offline model by itself')
  .action(async () => {
    process.exitCode = await modelCommand({ environment, stdout, stopRequested: stopRequested() });
  });

program
  .command('screen')
  .description('screen one application and print its scores')
  .argument('<cv>', 'the CV, a PDF')
  .argument('<report>', 'the project report, a PDF')
  .option('--job <title>', 'the job applied for (not needed where only one is known)')
  .option(
    '--server <url>',
    'the server to use (default: the one on the data folder, or one for this call)',
  )
  .option('--json', 'print the result as JSON alone', false)
  .addHelpText('after', '\nExit status: 0 completed, 1 the evaluation failed, 2 asked for wrongly.')
  .action(
    async (
      cvPath: string,
      projectReportPath: string,
      given: { job?: string; server?: string; json: boolean },
    ) => {
      process.exitCode = await screenCommand(
        {
          cvPath,
          projectReportPath,
          jobTitle: given.job,
          serverUrl: given.server,
          json: given.json,
        },
        { environment, stdout, stderr, stopRequested: stopRequested() },
      );
    },
  );

const deadLetters = program
  .command('dead-letters')
  .description('look at events that a group gave up, and decide on them; for operators')
  .addHelpText(
    'after',
    '\nThe server lets in whoever has its BERKAS_OPERATOR_TOKEN: give it with --token or in the\nenvironment. One that "berkas up" started on this machine needs neither.\n\nExit status: 0 done, 1 not all could be decided on or no answer, 2 asked for wrongly.',
  );

type Operator = { server?: string; token?: string };
const operatorOf = ({ server, token }: Operator) => ({ server, token });
const operatorIo = () => ({
  ...{ environment, stdout, stderr, clock: systemClock },
  stopRequested: stopRequested(),
});

/** A command below `dead-letters`: all of them are told alike which server. */
const deadLetterCommand = (usage: string, description: string): Command =>
  deadLetters
    .command(usage)
    .description(description)
    .option(
      '--server <url>',
      'the server to ask (default: BERKAS_URL, or the one on the data folder)',
    )
    .option('--token <token>', 'what lets operators in (default: BERKAS_OPERATOR_TOKEN)');

deadLetterCommand('list', 'those of one state')
  .addOption(
    new Option('--state <state>', 'which to list').choices(DeadLetterState.options).default('open'),
  )
  .option('--json', 'print them as JSON', false)
  .action(async (given: Operator & { state: DeadLetterState; json: boolean }) => {
    const { state, json } = given;
    process.exitCode = await listDeadLetters({ ...operatorOf(given), state, json }, operatorIo());
  });

deadLetterCommand('show', 'one with its reason, its stack and its event')
  .argument('<id>', 'of the dead letter')
  .option('--json', 'print it as JSON', false)
  .action(async (id: string, given: Operator & { json: boolean }) => {
    const { json } = given;
    process.exitCode = await showDeadLetter({ ...operatorOf(given), id, json }, operatorIo());
  });

deadLetterCommand('redrive', 'do their work again, with its whole evaluation where it has one')
  .argument('[ids...]', 'of the dead letters')
  .option('--all', 'all that are open now', false)
  .action(async (ids: string[], given: Operator & { all: boolean }) => {
    const { all } = given;
    process.exitCode = await redriveDeadLetters({ ...operatorOf(given), ids, all }, operatorIo());
  });

deadLetterCommand('drop', 'do nothing more with them; they are kept')
  .argument('<ids...>', 'of the dead letters')
  .action(async (ids: string[], given: Operator) => {
    process.exitCode = await dropDeadLetters({ ...operatorOf(given), ids }, operatorIo());
  });

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  // Commander has printed its own message; asking for help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof Interrupted) {
    console.error(error.message);
    return EXIT.interrupted;
  }
  // What was foreseen is told in its own words; anything else is a bug and is shown whole.
  console.error(error instanceof BerkasError ? error.message : error);
  return error instanceof UsageError || error instanceof ConfigError ? EXIT.usage : EXIT.failed;
}
