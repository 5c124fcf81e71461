import { setUp } from '@berkas/composition';
import { createLogger, parseConfig, systemClock } from '@berkas/service-kit';
import { SetUpVariables } from '../config.ts';
import { EXIT, Interrupted } from '../exit.ts';

/** `berkas setup`: what the services need on their servers. Answers the exit status. */
export async function setUpCommand(io: {
  environment: Readonly<Record<string, string | undefined>>;
  stdout: NodeJS.WriteStream;
  /** Resolves when the process is asked to stop. */
  stopRequested: Promise<NodeJS.Signals>;
}): Promise<number> {
  const variables = parseConfig(SetUpVariables, io.environment);
  const logger = createLogger({ level: variables.LOG_LEVEL });
  const stopping = new AbortController();
  void io.stopRequested.then(() => stopping.abort());
  try {
    await setUp(variables, {
      logger,
      clock: systemClock,
      signal: stopping.signal,
      report: (line) => io.stdout.write(`${line}\n`),
    });
  } catch (error) {
    if (stopping.signal.aborted) throw new Interrupted('Stopped. Repeat it to finish the set-up.');
    throw error;
  }
  return EXIT.ok;
}
