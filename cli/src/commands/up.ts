import { createLogger, parseConfig } from '@berkas/service-kit';
import { createBerkas } from '../berkas.ts';
import { Variables } from '../config.ts';
import { EXIT } from '../exit.ts';

/** `berkas up`: the whole system in this process, until a signal. Answers the exit status. */
export async function upCommand(io: {
  environment: Readonly<Record<string, string | undefined>>;
  stdout: NodeJS.WriteStream;
  /** Resolves when the process is asked to stop. */
  stopRequested: Promise<NodeJS.Signals>;
}): Promise<number> {
  const variables = parseConfig(Variables, io.environment);
  const logger = createLogger({ level: variables.LOG_LEVEL });
  const berkas = createBerkas(variables, { logger });
  let stopped: Promise<void> | undefined;
  // Also while it starts: it waits for its servers for as long as it takes.
  void io.stopRequested.then((signal) => {
    logger.info({ signal }, 'stopping');
    stopped = berkas.stop();
  });
  try {
    const { url, model } = await berkas.start();
    io.stdout.write(`Berkas is ready at ${url} (model: ${model})\n`);
    await io.stopRequested;
  } catch (error) {
    if (stopped === undefined) throw error;
  }
  await stopped;
  return EXIT.ok;
}
