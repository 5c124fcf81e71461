import { BerkasError, ConfigError, SERVICE_VERSION } from '@berkas/service-kit';
import { Command, CommanderError } from 'commander';
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
